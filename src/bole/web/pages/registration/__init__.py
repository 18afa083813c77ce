"""How units register themselves, and how invited persons open their account."""
