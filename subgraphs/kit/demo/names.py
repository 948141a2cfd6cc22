"""Personal names as they are common where a language is spoken, and how they are written in a username."""

from __future__ import annotations

from random import Random

GIVEN = {
    "en": (
        "Amelia Grace Priya Hannah Maeve Zoe Imogen Naomi Ruth Leila Clara Bridget Yasmin Ellen Joanna Tess",
        "Owen Daniel Marcus Callum Rafael Theo Samir Patrick Hugh Leon Nathan Gareth Eli Kwame Simon Jude",
    ),
    "de": (
        "Lena Johanna Katrin Mira Svenja Paula Aylin Greta Franziska Nora Ines Jule Antonia Elif Birte Carla",
        "Jonas Moritz Henrik Emil Anton Tobias Deniz Lukas Felix Jakob Ole Matthis Kilian Bastian Yusuf",
    ),
    "ru": (
        "Анна Мария Полина Екатерина Дарья Алина Ксения Вера Софья Марина Гузель Надежда Ольга Юлия Таисия",
        "Алексей Иван Михаил Тимур Кирилл Павел Егор Роман Денис Артём Никита Глеб Степан Руслан Фёдор",
    ),
}
"""Women's, then men's."""

FAMILY = {
    "en": "Whitmore Okafor Hargreaves Delaney Castellano Mercer Sandhu Pemberton Kowalczyk Ashworth Tanaka "
    "Gallagher Lindqvist Fairweather Adeyemi Brennan Sinclair Moreau Thackeray Vance Holloway Quigley Rao "
    "Underhill Marlowe Beckett Osborne Chaudhry Fielding Winslow",
    "de": "Brandt Hoffmeister Lindner Kessler Voss Yilmaz Reinhardt Thiele Baumgartner Seidel Krämer "
    "Öztürk Falkner Wiegand Pohl Strasser Lorenz Hagedorn Kowalski Mühlbauer Engel Rothe Sommerfeld Zeller "
    "Dietz Grünwald Janssen Petersen Achterberg Maurer",
    "ru": "Соколов Лебедев Морозов Белов Галимов Воробьёв Никитин Зайцев Орлов Тихонов Савельев Крылов "
    "Журавлёв Гришин Сафин Мельников Ершов Рябов Калинин Дроздов Фомин Авдеев Родионов Шубин Золотов "
    "Лазарев Пахомов Игнатьев Бобров Ильин",
}

ALPHABET = (
    "а:a б:b в:v г:g д:d е:e ё:e ж:zh з:z и:i й:y к:k л:l м:m н:n о:o п:p р:r с:s т:t у:u ф:f х:kh "
    "ц:ts ч:ch ш:sh щ:sch ъ: ы:y ь: э:e ю:yu я:ya ä:ae ö:oe ü:ue ß:ss"
)
LATIN = {pair[0]: pair[2:] for pair in ALPHABET.split()}


def draw_name(language: str, draw: Random) -> tuple[str, str]:
    """Given and family name; a Russian family name agrees with the given one."""
    women, men = (names.split() for names in GIVEN[language])
    is_woman = draw.random() < 0.5
    given, family = draw.choice(women if is_woman else men), draw.choice(FAMILY[language].split())
    return given, f"{family}а" if is_woman and language == "ru" else family


def in_latin(name: str) -> str:
    """In lower-case letters a to z, for usernames."""
    return "".join(LATIN.get(letter, letter) for letter in name.lower() if letter.isalpha())
