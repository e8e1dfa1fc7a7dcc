"""Graphs out of files of every kind; whatever cannot be read is refused with its place and the remedy."""

from __future__ import annotations

import gzip
import io
import json
import lzma
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from communs.core.flows import Graph, InvalidGraph
from communs.core.flows.reading import read_graph, read_seeds

DEBIAN = """Package: app
Version: 1
Depends: libc6 (>= 2.36), mail-server | exim4, unknown
Recommends: fonts [amd64], libc6
Description: an application
 with a long text: and a colon

Package: libc6
Pre-Depends: base:any

Package: base

Package: exim4
Provides: mail-server

Package: postfix
Provides: mail-server (= 1)

Package: fonts
Suggests: app
"""
SPDX_TAGS = """SPDXVersion: SPDX-2.3
SPDXID: SPDXRef-DOCUMENT
PackageName: app
SPDXID: SPDXRef-app
PackageName: lib
SPDXID: SPDXRef-lib
ExternalRef: PACKAGE-MANAGER purl pkg:npm/lib@1.0
PackageName: tool
SPDXID: SPDXRef-tool
Relationship: SPDXRef-DOCUMENT DESCRIBES SPDXRef-app
Relationship: SPDXRef-app DEPENDS_ON SPDXRef-lib
Relationship: SPDXRef-tool BUILD_DEPENDENCY_OF SPDXRef-app
"""
CYCLONEDX: dict[str, Any] = {
    "bomFormat": "CycloneDX",
    "metadata": {"component": {"bom-ref": "app", "name": "app"}},
    "components": [
        {"bom-ref": "1", "purl": "pkg:npm/a@1", "components": [{"bom-ref": "2", "purl": "pkg:npm/b@2?x=1"}]},
        {"bom-ref": "3", "purl": "pkg:npm/b@3"},
    ],
    "dependencies": [{"ref": "app", "dependsOn": ["1", "2", "3"]}, {"ref": "1", "dependsOn": ["3", "pkg:npm/c@4"]}],
}
SPDX: dict[str, Any] = {
    "spdxVersion": "SPDX-2.3",
    "packages": [
        {"SPDXID": "SPDXRef-app", "name": "app"},
        {
            "SPDXID": "SPDXRef-lib",
            "name": "lib",
            "externalRefs": [{"referenceType": "purl", "referenceLocator": "pkg:npm/lib@1.0"}],
        },
        {"SPDXID": "SPDXRef-tool", "name": "tool"},
    ],
    "relationships": [
        {"spdxElementId": "SPDXRef-DOCUMENT", "relationshipType": "DESCRIBES", "relatedSpdxElement": "SPDXRef-app"},
        {"spdxElementId": "SPDXRef-app", "relationshipType": "DEPENDS_ON", "relatedSpdxElement": "SPDXRef-lib"},
        {
            "spdxElementId": "SPDXRef-tool",
            "relationshipType": "BUILD_DEPENDENCY_OF",
            "relatedSpdxElement": "SPDXRef-app",
        },
    ],
}


def edges(graph: Graph) -> list[tuple[str, str, int]]:
    rows = zip(graph.source, graph.target, graph.weight.tolist(), strict=True)
    return [(graph.ids[source], graph.ids[target], weight) for source, target, weight in rows]


def test_weights_are_read_exactly_and_ppm_stand_as_they_are() -> None:
    assert edges(read_graph(b"source,target,weight\na,b,1\na,c,0.3\n")) == [("a", "b", 10), ("a", "c", 3)]
    assert edges(read_graph(b"target;source\nb;a\n")) == [("a", "b", 1)]
    graph = read_graph(b"source,target,ppm\na,b,333333\na,c,0\n")
    assert (edges(graph), graph.in_ppm, graph.ids) == ([("a", "b", 333_333)], True, ("a", "b", "c"))
    assert graph.notes == ("1 edges of a weight of 0, or below all that counts, were left out.",)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("repo,parent,weight\nr,p,0.25\n", [("p", "r", 250_000)]),
        ("seed_repo,dependency_repo,package_name\ns,d,x\ns,d,y\n", [("s", "d", 2)]),
        (
            ",seed_repo_owner,seed_repo_name,package_name,package_repo_owner,package_repo_name,package_source\n0,a,b,x,c,d,NPM\n",
            [("a/b", "c/d", 1)],
        ),
        ("onchain_builder_project_id,devtooling_project_id,dependency_source\nb,t,NPM\n", [("b", "t", 1)]),
        (
            "developer_id,project_id,relationship_type\nd,p,BUILDER\nd,t,DEVTOOL\nd,t,DEVTOOL\n",
            [("d", "t", 2), ("p", "d", 1)],
        ),
    ],
)
def test_published_edge_lists_are_known_by_their_columns(text: str, found: list[tuple[str, str, int]]) -> None:
    assert edges(read_graph(text.encode())) == found
    assert edges(read_graph(gzip.compress(text.encode()))) == found
    assert edges(read_graph(lzma.compress(text.encode()))) == found


def test_bills_of_materials_name_packages_without_their_version() -> None:
    assert edges(read_graph(json.dumps(CYCLONEDX).encode())) == [
        ("app", "pkg:npm/a", 1),
        ("app", "pkg:npm/b", 1),
        ("pkg:npm/a", "pkg:npm/b", 1),
        ("pkg:npm/a", "pkg:npm/c", 1),
    ]
    expected = [("app", "pkg:npm/lib", 1), ("app", "tool", 1)]
    assert edges(read_graph(json.dumps(SPDX).encode())) == expected
    assert edges(read_graph(SPDX_TAGS.encode())) == expected


def test_relations_of_the_register_are_read_and_the_same_from_two_sources_counts_once() -> None:
    text = "from_id,to_id,relation,source\nnextcloud,php,uses_language,a\nnextcloud,curl,depends_on,b\n"
    graph = read_graph(f"{text}nextcloud,php,uses_language,c\n".encode())
    assert edges(graph) == [("nextcloud", "curl", 1), ("nextcloud", "php", 1)]


def test_a_bill_without_dependencies_counts_all_as_direct_ones_and_says_so() -> None:
    graph = read_graph(json.dumps({key: value for key, value in CYCLONEDX.items() if key != "dependencies"}).encode())
    assert edges(graph) == [("app", "pkg:npm/a", 1), ("app", "pkg:npm/b", 1)]
    assert graph.notes == ("The bill lists no dependencies: all count as direct ones.",)


def test_a_package_index_of_debian_splits_alternatives_and_asks_providers() -> None:
    assert edges(read_graph(DEBIAN.encode())) == [
        ("app", "exim4", 750_000),
        ("app", "fonts", 300_000),
        ("app", "libc6", 1_300_000),
        ("app", "postfix", 250_000),
        ("libc6", "base", 1_000_000),
    ]


def test_parquet_is_read_where_pyarrow_is_installed() -> None:
    arrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    buffer = io.BytesIO()
    parquet.write_table(arrow.table({"source": [1, 1], "target": [2, 3], "weight": [1.0, 0.5]}), buffer)
    assert edges(read_graph(buffer.getvalue())) == [("1", "2", 10), ("1", "3", 5)]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "Line 1: the columns are missing"),
        (b"from,to\na,b\n", "Line 1: the columns are from, to. Name them source, target"),
        (b"source,target,weight\na,b,1\na,c,-1\n", "Line 3: “-1” is no weight"),
        (b"source,target,weight\na,b,NaN\n", "Line 2: “NaN” is no weight"),
        (b"source,target,weight\na,b,1e99\n", "is more than"),
        (b"source,target,ppm\na,b,0.5\n", "Line 2: “0.5” is no ppm"),
        (b"source,target,ppm\na,b,900000\na,c,900000\n", "“a” passes on 1800000 millionths"),
        (b"source,target\na,\n", "Line 2: a node has no name"),
        (b"source,target\na," + b"x" * 600 + b"\n", "Line 2: a node has a name that is too long"),
        (b"{", "1:2: This is not valid JSON"),
        (b"{}", "neither CycloneDX"),
        (b'{"bomFormat": "CycloneDX", "dependencies": [{}]}', r"dependencies\[0\].ref: missing"),
        (b'{"bomFormat": "CycloneDX"}', "metadata.component too"),
        (b'{"spdxVersion": "SPDX-2.3", "packages": [{}]}', r"packages\[0\].SPDXID: missing"),
        (b"SPDXVersion: SPDX-2.3\nRelationship: a\n", "Line 2: “a” is no relationship"),
        (b"Package: a\n\nDepends: b\n", "Line 3: this entry has no name"),
        (b"Package: a\nnonsense\n", "Line 2: “nonsense” has no colon"),
        (b"\x1f\x8b\x00", "damaged"),
        (b"\xfd7zXZ\x00\x00", "damaged"),
        (lzma.compress(b"source,target\na,b\n")[:-5], "damaged"),
    ],
)
def test_what_cannot_be_read_is_refused_with_place_and_remedy(data: bytes, said: str) -> None:
    with pytest.raises(InvalidGraph, match=said):
        read_graph(data)


@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
@example(b'{"bomFormat": "CycloneDX", "components": [1], "dependencies": [{"ref": "a", "dependsOn": [null, {}]}]}')
@example(b'{"spdxVersion": 1, "packages": {}, "relationships": [[], {"relationshipType": "DEPENDS_ON"}]}')
@example(b"PAR1nonsense")
def test_any_bytes_end_in_a_graph_or_a_refusal(data: bytes) -> None:
    with suppress(InvalidGraph):
        read_graph(data)


@given(st.data())
def test_files_with_a_fault_end_in_a_graph_or_a_refusal(data: st.DataObject) -> None:
    whole = data.draw(
        st.sampled_from([DEBIAN, SPDX_TAGS, json.dumps(CYCLONEDX), json.dumps(SPDX), "source,target,weight\na,b,1\n"])
    )
    at = data.draw(st.integers(0, len(whole)))
    broken = whole[:at] + data.draw(st.text(max_size=5)) + whole[at + data.draw(st.integers(0, 5)) :]
    with suppress(InvalidGraph):
        read_graph(broken.encode())


def test_a_table_in_another_encoding_is_read_and_told() -> None:
    graph = read_graph("source,target\nThéâtre,b\n".encode("cp1252"))
    assert graph.ids == ("Théâtre", "b")
    assert "read as Windows-1252" in graph.notes[0]
    with pytest.raises(InvalidGraph, match="Line 2: This line has 3 cells"):
        read_graph(b"source,target\na,b,c\n")


def test_seeds_are_whole_minor_units() -> None:
    assert read_seeds(b"node,amount\na,1250\nb,0\n") == {"a": 1250, "b": 0}
    for text, said in [
        ("node,amount\na,12.50\n", "Line 2: “12.50” is no amount"),
        ("node,amount\na,1\na,2\n", "Line 3: “a” has a seed already"),
        ("a,b\n", "Line 1: the columns of seeds are node and amount"),
    ]:
        with pytest.raises(InvalidGraph, match=said):
            read_seeds(text.encode())
