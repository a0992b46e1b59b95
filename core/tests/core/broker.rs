//! The message broker, on a real RabbitMQ: `scripts/with-test-rabbitmq.sh` starts one. Each test has a virtual host of its own.

mod consuming;
mod dead_letters;
mod failures;
mod node;
mod progress;
mod publishing;
mod relay;
mod rounds;
mod standing_by;
