"""Products show images that Gauzy already has."""

from __future__ import annotations

import pytest

from mcp_tools.sandbox.demo import ident
from tests.domains.gauzy import Gauzy, Refused
from tests.sandbox.client import NOBODYS

TRACKER, SCANNER = ident("Product", "GPS-100"), ident("Product", "SCN-10")
VAN, PARCEL = ident("ImageAsset", "Van tracker"), ident("ImageAsset", "Parcel scanner")


async def test_images_are_added_to_a_gallery_and_taken_out(gauzy: Gauzy) -> None:
    shown = await gauzy.call("add_product_gallery_images", productId=TRACKER, imageIds=[PARCEL, VAN])
    assert [image["id"] for image in shown["gallery"]] == [VAN, PARCEL]
    shown = await gauzy.call("delete_product_gallery_image", productId=TRACKER, imageId=VAN)
    assert [image["id"] for image in shown["gallery"]] == [PARCEL]
    with pytest.raises(Refused, match="no image"):
        await gauzy.call("delete_product_gallery_image", productId=TRACKER, imageId=VAN)


async def test_one_image_is_the_main_one(gauzy: Gauzy) -> None:
    assert (await gauzy.call("set_product_featured_image", productId=SCANNER, imageId=PARCEL))[
        "featuredImageId"
    ] == PARCEL
    assert (await gauzy.call("get_product", id=SCANNER))["featuredImageId"] == PARCEL
    assert "featuredImageId" not in await gauzy.call("delete_product_featured_image", productId=SCANNER)


async def test_a_change_of_the_product_keeps_its_images(gauzy: Gauzy) -> None:
    await gauzy.call("set_product_featured_image", productId=TRACKER, imageId=PARCEL)
    await gauzy.call("update_product", id=TRACKER, code="GPS-9", name="Tracker")
    shown = await gauzy.call("get_product", id=TRACKER)
    assert ([image["id"] for image in shown["gallery"]], shown["featuredImageId"]) == ([VAN], PARCEL)


@pytest.mark.parametrize("name", ["add_product_gallery_images", "set_product_featured_image"])
async def test_unknown_products_and_images_are_refused(gauzy: Gauzy, name: str) -> None:
    for product, image in ((NOBODYS, VAN), (SCANNER, NOBODYS)):
        images = {"imageIds": [image]} if name == "add_product_gallery_images" else {"imageId": image}
        with pytest.raises(Refused):
            await gauzy.call(name, productId=product, **images)
