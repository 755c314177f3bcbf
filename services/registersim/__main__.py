"""``python -m services.registersim --port 8099 --fro 1``"""

import argparse

import uvicorn

from services.registersim.app import lag_app


def main() -> None:
    valg = argparse.ArgumentParser(
        prog="registersim", description="The registers as a local service over synthetic people."
    )
    valg.add_argument("--vert", default="127.0.0.1")
    valg.add_argument("--port", type=int, default=8099)
    valg.add_argument("--fro", type=int, default=1, help="seed of the population")
    valg.add_argument(
        "--land", type=int, default=0, help="know the country of so many cases (boligsak population)"
    )
    valg.add_argument("--termin", help="the month in which the country is known, YYYY-MM")
    gitt = valg.parse_args()
    land = None
    if gitt.land:
        if gitt.termin is None:
            valg.error("--land: --termin mangler")
        from services.kjoring.befolkning_register import Register

        land = Register(gitt.land, gitt.fro, gitt.termin)
    uvicorn.run(
        lag_app(gitt.fro, land),
        host=gitt.vert,
        port=gitt.port,
        access_log=False,
        log_level="warning",
        timeout_keep_alive=60,  # longer than the clients', so that no call meets a connection being closed
    )


if __name__ == "__main__":
    main()
