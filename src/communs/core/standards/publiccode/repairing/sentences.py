"""A long description made of what else a file says, in the language of the description, where one is missing or short.

Nothing is added to the facts: each sentence repeats another entry of the file.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from communs.core.standards.publiccode.repairing.values import LONG_LEAST
from communs.core.standards.publiccode.strict.lexical import graphemes

# In the order in which they are used, until the description is long enough.
_SENTENCES: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {
        "url": "The source code of {name} is published at {url}.",
        "license": "It may be used under the licence {license}.",
        "landing": "More about it stands at {landing}.",
        "version": "The version described here is {version}.",
        "users": "It is used by {users}.",
        "waits": "These sentences repeat the other entries of the file; a fuller description remains to be written by "
        "those who look after {name}.",
    },
    "fr": {
        "url": "Le code source de {name} est publié à l’adresse {url}.",
        "license": "Il peut être utilisé sous la licence {license}.",
        "landing": "On en apprend davantage à l’adresse {landing}.",
        "version": "La version décrite ici est la {version}.",
        "users": "Ce logiciel est utilisé par : {users}.",
        "waits": "Ces phrases reprennent les autres entrées du fichier ; une description plus complète reste à écrire "
        "par celles et ceux qui s’occupent de {name}.",
    },
    "it": {
        "url": "Il codice sorgente di {name} è pubblicato all’indirizzo {url}.",
        "license": "Si può usare con la licenza {license}.",
        "landing": "Altre informazioni si trovano all’indirizzo {landing}.",
        "version": "La versione descritta qui è la {version}.",
        "users": "È usato da {users}.",
        "waits": "Queste frasi riprendono le altre voci del file; una descrizione più completa resta da scrivere da "
        "parte di chi si occupa di {name}.",
    },
    "de": {
        "url": "Der Quelltext von {name} ist unter {url} veröffentlicht.",
        "license": "Die Nutzung steht unter der Lizenz {license}.",
        "landing": "Mehr dazu steht unter {landing}.",
        "version": "Beschrieben ist hier die Version {version}.",
        "users": "Im Einsatz bei: {users}.",
        "waits": "Diese Sätze wiederholen die übrigen Angaben der Datei; eine ausführlichere Beschreibung fehlt noch "
        "und ist Sache derer, die {name} pflegen.",
    },
    "es": {
        "url": "El código fuente de {name} está publicado en {url}.",
        "license": "Puede usarse con la licencia {license}.",
        "landing": "Hay más información en {landing}.",
        "version": "La versión descrita aquí es la {version}.",
        "users": "Lo usan: {users}.",
        "waits": "Estas frases repiten las demás entradas del archivo; queda por escribir una descripción más completa "
        "a cargo de quienes cuidan de {name}.",
    },
}
ENGLISH: Final = "en"


def described(language: str, start: str, facts: Mapping[str, str]) -> str:
    """`start` and as many facts as a long description needs. Facts: name, url, license, landing, version, users.

    Languages without sentences of their own get English ones.

    >>> print(described("fr", "Une carte.", {"name": "Carte", "license": "MIT"}).partition(" Ces ")[0])
    Une carte.
    <BLANKLINE>
    Il peut être utilisé sous la licence MIT.
    """
    if facts.get("license", "").startswith("LicenseRef-"):
        # A licence of one's own may forbid anything: nothing is promised in its name.
        facts = {**facts, "license": ""}
    sentences = _SENTENCES.get(language.lower().partition("-")[0]) or _SENTENCES[ENGLISH]
    said: list[str] = []
    text = " ".join(start.split())
    for fact, sentence in sentences.items():
        if graphemes.length(text) >= LONG_LEAST and said:
            break
        if facts.get("name") and (fact == "waits" or facts.get(fact)):
            said.append(sentence.format(**{**facts, "name": facts["name"]}))
            text = "\n\n".join(filter(None, (" ".join(start.split()), " ".join(said))))
    return text
