"""The table of the DynamoDB adapter, as PynamoDB defines it: for emulators, and to compare a deployment with."""

from __future__ import annotations

from pynamodb.attributes import TTLAttribute, UnicodeAttribute
from pynamodb.constants import PAY_PER_REQUEST_BILLING_MODE, STREAM_NEW_IMAGE
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex
from pynamodb.models import Model


def table_model(table: str, region: str | None = None, endpoint: str | None = None) -> type[Model]:
    """Return the model of a table; its `create_table()` makes it, on demand, with stream and TTL."""

    class Index1(GlobalSecondaryIndex):
        """Find a record by its first index key."""

        class Meta:
            index_name = "i1"
            projection = AllProjection()

        i1p = UnicodeAttribute(hash_key=True)
        i1s = UnicodeAttribute(range_key=True)

    class Index2(GlobalSecondaryIndex):
        """Find a record by its second index key."""

        class Meta:
            index_name = "i2"
            projection = AllProjection()

        i2p = UnicodeAttribute(hash_key=True)
        i2s = UnicodeAttribute(range_key=True)

    class Row(Model):
        """Hold what the table itself knows of a record."""

        class Meta:
            table_name = table
            billing_mode = PAY_PER_REQUEST_BILLING_MODE
            stream_view_type = STREAM_NEW_IMAGE

        pk = UnicodeAttribute(hash_key=True)
        sk = UnicodeAttribute(range_key=True)
        i1p = UnicodeAttribute(null=True)
        i1s = UnicodeAttribute(null=True)
        i2p = UnicodeAttribute(null=True)
        i2s = UnicodeAttribute(null=True)
        expires = TTLAttribute(null=True)
        index1 = Index1()
        index2 = Index2()

    Row.Meta.region, Row.Meta.host = region, endpoint
    return Row
