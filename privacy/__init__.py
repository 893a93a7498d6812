"""What keeps shoppers private: pseudonyms for their ids, masks for personal data in their words."""

from privacy.personal_data_mask import FoundData, PersonalData, PersonalDataMask
from privacy.pseudonyms import IdKind, Pseudonyms
from privacy.shopper_privacy import ShopperPrivacy

__all__ = [
    "FoundData",
    "IdKind",
    "PersonalData",
    "PersonalDataMask",
    "Pseudonyms",
    "ShopperPrivacy",
]
