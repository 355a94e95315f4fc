from collections.abc import Iterator

class Node:
    """A node of parso's tree, as far as tests/tools/mutation looks at it."""

    type: str
    parent: Node | None
    children: list[Node]
    start_pos: tuple[int, int]
    def get_code(self, include_prefix: bool = True) -> str: ...
    def get_previous_sibling(self) -> Node | None: ...

def get_ast(source: str) -> Node: ...
def ast_nodes(node: Node) -> Iterator[Node]: ...
