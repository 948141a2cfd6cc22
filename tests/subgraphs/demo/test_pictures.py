"""The pictures of the demo world: small, of their size, and drawn the same each time."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image

from subgraphs.kit.demo.pictures import book
from subgraphs.kit.demo.pictures.draw import AVATAR_SIZE, COVER_SIZE, POST_SIZE, draw_picture
from subgraphs.kit.demo.topics import TOPICS

KINDS = [
    *((book.post_picture(topic, number), POST_SIZE) for number, topic in enumerate(TOPICS)),
    *((book.avatar(number), AVATAR_SIZE) for number in range(6)),
    (book.artist_picture("Hip-Hop", 3), AVATAR_SIZE),
    (book.cover("Jazz", 5), COVER_SIZE),
]


@pytest.mark.parametrize(("name", "size"), KINDS, ids=[name for name, _size in KINDS])
def test_a_picture_is_small_and_of_its_size_and_more_than_one_colour(
    name: str, size: tuple[int, int]
) -> None:
    data = draw_picture(name)
    assert len(data) <= book.MOST_BYTES
    with Image.open(BytesIO(data)) as image:
        assert (image.format, image.size) == ("WEBP", size)
        assert len(image.convert("P", palette=Image.Palette.ADAPTIVE, colors=64).getcolors() or ()) > 8


def test_a_name_is_always_the_same_picture_and_another_name_another() -> None:
    names = [
        book.post_picture(topic, number) for topic in ("hiking", "climbing", "baking") for number in (0, 1)
    ]
    drawn = [draw_picture(name) for name in names]
    assert drawn == [draw_picture(name) for name in names]
    assert len(set(drawn)) == len(names)


def test_however_large_the_world_there_are_a_few_hundred_pictures() -> None:
    names = {book.avatar(number) for number in range(100_000)}
    names |= {book.post_picture(topic, number) for topic in TOPICS for number in range(50)}
    assert len(names) == book.MOST_FACES + len(TOPICS) * book.MOST_VARIANTS
