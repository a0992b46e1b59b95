# What people type. The work is in scripts/, each of which runs on its own and says what it does.
.PHONY: run test dev check e2e bench doctor

run: ## install what is missing, build, start: APP_HOST, APP_PORT and STACKER_DATA_DIR are honoured
	@exec scripts/run.sh

test: ## everything that must hold: check, Rust tests, browser journeys
	@exec scripts/test.sh

dev: ## build again and restart on every change
	@exec scripts/dev.sh

check: ## what needs no test run: format, lints, generated files, forbidden text
	@exec scripts/check.sh

e2e: ## the browser journeys; ARGS="--grep wordpress" goes to Playwright
	@exec scripts/with-test-rabbitmq.sh scripts/with-test-podman.sh scripts/e2e.sh $(ARGS)

bench: ## measurements, printed and written to target/bench
	@exec scripts/bench.sh

doctor: ## the version of every tool, what is missing, how to get it
	@exec scripts/doctor.sh
