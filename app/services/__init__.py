"""What a person does: each function takes a session, the pelaku and the moment; none commits."""
