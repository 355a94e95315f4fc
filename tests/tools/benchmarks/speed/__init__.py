"""The operations' speed: ours, the seed's formulas and the peers, in rounds that are shuffled.

``cells`` says what is measured, ``subjects`` who is, ``roof`` what the machine allows, ``timing`` measures, ``figures``
makes ratios of seconds, ``table`` shows them, ``memory`` measures peaks, and ``__main__`` runs it all.
"""
