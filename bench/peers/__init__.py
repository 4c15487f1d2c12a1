"""Small apps that list the same residents: a bare floor and four peers, each set up with care.

They run in `.venv-bench` and import nothing of the portal; `UKUR_URL` says which database,
`UKUR_KECAMATAN` whose residents. Nobody signs in: that is kinder to them.
"""
