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
    gitt = valg.parse_args()
    uvicorn.run(lag_app(gitt.fro), host=gitt.vert, port=gitt.port, access_log=False, log_level="warning")


if __name__ == "__main__":
    main()
