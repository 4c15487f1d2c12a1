# The commands of the project. Only relative paths: make cannot handle a space in a folder's name.
# Tools are called as `python -m`, so that a folder that was moved or copied still works.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup setup-dev run test check format bench bench-tindakan mutasi sesuaikan gambar bersihkan

PYTHON ?= python3
ROWS ?= 100000
PY := .venv/bin/python
PIP := $(PY) -m pip install --quiet --disable-pip-version-check
FLASK := $(PY) -m flask --app run:app
CATALOGUES := $(patsubst %.po,%.mo,$(wildcard translations/*/LC_MESSAGES/*.po))

help: ## Tampilkan daftar perintah ini
	@echo "Perintah:"
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1|\2/p' Makefile | awk -F'|' '{printf "  make %-14s %s\n", $$1, $$2}'

setup: .venv/.runtime $(CATALOGUES) ## Siapkan lingkungan Python dan terjemahan

setup-dev: .venv/.dev setup

run: setup ## Siapkan semuanya, isi data contoh, lalu jalankan portal
	@$(FLASK) bangkit siapkan
	@$(FLASK) bangkit seed
	@$(PY) run.py

test: setup-dev ## Jalankan uji; pilih sebagian dengan UJI="tests/routing -k tolak"
	@echo "Uji berjalan di SQLite, dan di PostgreSQL bila TEST_DATABASE_URL diisi. Sesudahnya: make check"
	@$(PY) -m pytest $(UJI)

check: setup-dev ## Periksa gaya, tipe, dan arah impor
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	$(PY) -c "from importlinter.cli import lint_imports_command as lint; lint()" --no-logo

format: setup-dev ## Rapikan gaya penulisan kode
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

mutasi: setup-dev ## Ukur berapa kesalahan buatan di mesin perutean yang tertangkap uji (lama)
	rm -rf mutants
	nice $(PY) -m mutmut run
	$(PY) -m mutmut results

bench: setup-dev .venv-bench/.siap ## Ukur kecepatan di samping lantai dan pesaing: ROWS=100000 BAGIAN="daftar ekspor"
	@$(PY) -m bench --rows $(ROWS) $(if $(BAGIAN),--bagian "$(BAGIAN)") $(UKUR)

bench-tindakan: setup-dev ## Ukur tindakan per detik di samping psycopg polos
	@PYTHONPATH=. $(PY) bench/tindakan.py

sesuaikan: setup-dev ## Tulis kerangka teks yang masih harus dilengkapi
	@$(FLASK) bangkit sesuaikan

gambar: setup-dev ## Potret 12 halaman utama ke docs/gambar (perlu Chromium)
	@$(PY) -m tests.gambar

bersihkan: ## Hapus hasil pemasangan dan pemeriksaan; data di instance/ tetap
	rm -rf mutants .venv .venv-bench .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	rm -f translations/*/LC_MESSAGES/*.mo
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Perlu Python 3.11 atau lebih baru. Sebutkan dengan: make PYTHON=python3.12 ..."; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
		{ echo "Modul venv belum ada. Di Debian atau Ubuntu: sudo apt-get install python3-venv"; exit 1; }
	@echo "Membuat lingkungan Python di .venv ..."
	@$(PYTHON) -m venv .venv || { rm -rf .venv; exit 1; }

.venv/.runtime: requirements.txt | .venv/bin/python
	@echo "Memasang pustaka (sekali saja, beberapa menit) ..."
	@$(PIP) -r requirements.txt
	@touch $@
	@echo "Siap. Jalankan portal: make run. Jalankan uji: make test."

.venv/.dev: requirements-dev.txt .venv/.runtime
	@echo "Memasang alat uji ..."
	@$(PIP) -r requirements-dev.txt
	@touch $@

.venv-bench/.siap: bench/requirements.txt | .venv/bin/python
	@echo "Memasang pesaing yang diukur di .venv-bench ..."
	@$(PYTHON) -m venv .venv-bench
	@.venv-bench/bin/python -m pip install --quiet --disable-pip-version-check -r bench/requirements.txt
	@touch $@

%.mo: %.po | .venv/.runtime
	@$(PY) -W ignore::RuntimeWarning -m babel.messages.frontend compile \
		--input-file $< --output-file $@ --locale $(word 2,$(subst /, ,$<))
