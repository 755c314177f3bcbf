"""The body and the answer of ``boligstotte-dk``: one Danish household's boligstøtte by Boks C.1."""

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from schemas.almenbolig import DanskLinje, DanskSats, Streng
from schemas.felles import Kroner


class BeregningBoligstotteDk(Streng):
    """Amounts a year."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "termin": "2020-06",
                    "slags": "boligsikring",
                    "personer": 2,
                    "born": 1,
                    "husleje": 84_000,
                    "areal": 80,
                    "indkomst": 200_000,
                    "huslejereduktion": 7_800,
                }
            ]
        }
    )

    termin: Annotated[str, StringConstraints(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])$")]
    slags: Literal["boligsikring", "boligydelse"]
    personer: int = Field(default=1, ge=1, le=30)
    born: int = Field(default=0, ge=0, le=29)
    husleje: Kroner
    areal: Annotated[float, Field(ge=1, le=10_000, allow_inf_nan=False)]
    indkomst: Kroner
    bevaegelseshaemmet: bool = False
    dognhjaelp: bool = Field(default=False, description="Døgnhjælp efter servicelovens § 96.")
    saerlig_stotte: bool = Field(default=False, description="Særlig støtte efter § 14, stk. 6.")
    fortidspension: bool = Field(default=False, description="Førtids- eller seniorpension (§ 22, stk. 3).")
    anvist: bool = Field(default=False, description="Boligen er anvist af kommunen.")
    unge_voksne: bool = Field(
        default=False, description="To voksne, som begge er under 30 år (§ 22, stk. 1)."
    )
    huslejereduktion: Kroner = 0

    @model_validator(mode="after")
    def _en_voksen(self) -> Self:
        if self.born >= self.personer:
            raise PydanticCustomError("boligsak_born", "born må være færre end personer")
        if self.unge_voksne and self.personer - self.born != 2:
            raise PydanticCustomError("boligsak_born", "unge_voksne gælder to voksne")
        return self


class VedReduktion(BaseModel):
    huslejereduktion: float
    aendring_i_stotte: float


class BoligstotteDkSvar(BaseModel):
    """Amounts in ``valuta``."""

    valuta: Literal["DKK"]
    stotte_per_ar: int
    stotte_per_maned: int
    ved_huslejereduktion: VedReduktion | None = None
    spor: list[DanskLinje]
    satser: list[DanskSats]
    regelversjon: str
    forbehold: str
