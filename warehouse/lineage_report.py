"""The way of a column as a tree, and of a whole table as a list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from warehouse.messages import say
from warehouse.output import one_line, print_rows

if TYPE_CHECKING:
    from rich.tree import Tree

    from warehouse.lineage import Column, Lineage, LineageNode, Project
    from warehouse.screens import Screen


def show_lineage(screen: Screen, found: Lineage, project: Project) -> None:
    """A tree whose leaves are raw columns, reference tables and constants. Each column is opened once."""
    from rich.text import Text
    from rich.tree import Tree

    chinese = project.chinese_names
    opened: set[Column] = set()

    def label(node: LineageNode) -> Text:
        text = Text(f"{node.relation}.{node.column}")
        name = chinese.get((node.relation, node.column))
        if name:
            text.append(f"  {name}", style="dim")
        if not node.parents:
            text.append(f"  [{say(f'lineage_{node.kind}', screen.lang)}]", style="bold")
        if node.expression:
            text.append(f"\n= {one_line(node.expression)}", style="dim")
        return text

    def grow(tree: Tree, key: Column) -> None:
        node = found.nodes[key]
        if node.parents and key in opened:
            tree.add(Text(".".join(key)).append(f"  {say('lineage_above', screen.lang)}", style="dim"))
            return
        opened.add(key)
        branch = tree.add(label(node))
        for parent in node.parents:
            grow(branch, parent)

    start = found.nodes[found.start]
    root = Tree(label(start))
    opened.add(found.start)
    for parent in start.parents:
        grow(root, parent)
    screen.console.print(root)
    screen.say("lineage_origins", count=len(found.origins))
    for node in found.origins:
        screen.line(f"  {node.relation}.{node.column}  [{say(f'lineage_{node.kind}', screen.lang)}]")


def show_origins(screen: Screen, relation: str, ways: Sequence[Lineage]) -> None:
    """One line per column of a table: what its values are made of."""
    headings = (say("lineage_column", screen.lang), say("lineage_made_of", screen.lang))
    rows = [
        (
            way.start[1],
            "\n".join(
                f"[{say('lineage_constant', screen.lang)}]"
                if node.kind == "constant"
                else f"{node.relation}.{node.column}"
                for node in way.origins
            ),
        )
        for way in ways
    ]
    screen.line(relation)
    print_rows(screen.console, headings, rows)
