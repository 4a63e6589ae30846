"""Requirement catalogues as data: the editions, the mapping between them and the reference data."""

from portal.catalogue.loader import (
    BrokenData,
    Edition,
    Library,
    NoSuchCatalogue,
    editions,
    load,
    mapping,
    reference,
)
from portal.catalogue.model import (
    Catalogue,
    Clause,
    Correspondence,
    DocumentedInformation,
    Dropped,
    Help,
    Item,
    Mapping,
    New,
    NotInCatalogue,
    clause_key,
)
from portal.catalogue.source import schema_path

__all__ = [
    "BrokenData",
    "Catalogue",
    "Clause",
    "Correspondence",
    "DocumentedInformation",
    "Dropped",
    "Edition",
    "Help",
    "Item",
    "Library",
    "Mapping",
    "New",
    "NoSuchCatalogue",
    "NotInCatalogue",
    "clause_key",
    "editions",
    "load",
    "mapping",
    "reference",
    "schema_path",
]
