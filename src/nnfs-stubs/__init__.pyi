__version__: str

def init(
    dot_precision_workaround: bool = True, default_dtype: str | None = "float32", random_seed: int | None = 0
) -> None: ...
