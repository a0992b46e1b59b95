//! `console mq`: the message broker, where the install service reports.

use std::fmt::Write as _;

use anyhow::Context as _;
use clap::Subcommand;
use server::consumers::ProgressConsumer;
use stacker::{
    config::Settings,
    connectors::broker::{self, ConsumerSettings, DeadLetters, Which},
    services::Services,
};
use tokio_util::sync::CancellationToken;

use crate::{say, with_database, with_settings};

/// The most dead letters that are listed.
const MAX_LISTED: usize = 1_000;
/// How much of a body is listed, in characters.
const SHOWN_OF_BODY: usize = 200;

#[derive(Subcommand)]
pub enum MqCommand {
    /// Consume progress messages, as the server does, until interrupted
    Listen,
    /// Messages that could not be used
    #[command(subcommand)]
    Dead(DeadCommand),
}

#[derive(Subcommand)]
pub enum DeadCommand {
    /// Print the dead letters: id, routing key, reason, beginning of the body
    List,
    /// Send a dead letter to the consumers once more
    Retry {
        /// Its id, or `all`
        id: String,
    },
    /// Delete a dead letter for good
    Drop {
        /// Its id, or `all`
        id: String,
    },
}

pub fn run(command: MqCommand) -> anyhow::Result<String> {
    match command {
        MqCommand::Listen => with_database(async |settings, services| listen(settings, services).await),
        MqCommand::Dead(command) => with_settings(async |settings| dead(settings, command).await),
    }
}

async fn listen(settings: &Settings, services: &Services) -> anyhow::Result<String> {
    let consumer = broker::consumer(settings, services.context()).context(NO_BROKER)?;
    let stop = CancellationToken::new();
    let consumer = ProgressConsumer::new(consumer, services.clone());
    say("consuming progress messages; press Ctrl+C to stop");
    let running = tokio::spawn(consumer.run(stop.clone()));
    tokio::signal::ctrl_c().await.context("waiting for Ctrl+C")?;
    stop.cancel();
    running.await.context("the consumer ended badly")?;
    Ok("stopped".to_owned())
}

async fn dead(settings: &Settings, command: DeadCommand) -> anyhow::Result<String> {
    let letters = DeadLetters::new(consumer_settings(settings)?);
    match command {
        DeadCommand::List => {
            let mut text = String::new();
            for letter in letters.list(MAX_LISTED).await? {
                let body = String::from_utf8_lossy(&letter.body);
                let body: String = body.chars().filter(|c| !c.is_control()).take(SHOWN_OF_BODY).collect();
                // Writing to a string does not fail.
                let _ = writeln!(text, "{}\t{}\t{}\t{body}", letter.id, letter.routing_key, letter.reason);
            }
            Ok(if text.is_empty() { "no dead letters".to_owned() } else { text.trim_end().to_owned() })
        }
        DeadCommand::Retry { id } => {
            Ok(format!("{} sent to the consumers again", letters.retry(&which(id)).await?))
        }
        DeadCommand::Drop { id } => Ok(format!("{} deleted", letters.drop(&which(id)).await?)),
    }
}

fn which(id: String) -> Which {
    if id == "all" { Which::All } else { Which::Id(id) }
}

fn consumer_settings(settings: &Settings) -> anyhow::Result<ConsumerSettings> {
    broker::consumer_settings(settings).context(NO_BROKER)
}

const NO_BROKER: &str = "no message broker is configured: set `amqp`";
