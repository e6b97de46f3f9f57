# The commands of the house. Each one is a script, so that it reads and runs the same without make.
.PHONY: help setup run test bench format lint

help:
	@echo "make setup    install what the build, the pages and the tests need (idempotent)"
	@echo "make run      build, create a demonstration database if there is none, serve http://127.0.0.1:8080"
	@echo "make test     every test, on SQLite and on a throwaway PostgreSQL"
	@echo "make bench    measure the pages on both engines, with a release build (needs wrk)"
	@echo "make format   rewrite the Swift sources in the house's format"
	@echo "make lint     check format and house rules"

setup:
	@scripts/setup

run: setup
	@scripts/run

test: setup
	@scripts/test $(ARGS)

bench: setup
	@scripts/bench

format:
	swift format --in-place --recursive Sources Tests Package.swift

lint:
	@scripts/lint
