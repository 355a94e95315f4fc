"""How spec/vectors/ is made: a catalogue of cases, their exact values in ball arithmetic, and a second opinion."""
