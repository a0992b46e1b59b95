//! The load generator: simulates many agents and one client against a running server, and prints its measurements as one line of
//! JSON.
//!
//! It inserts the agents into the database directly, because ten thousand registrations are not what is measured. Everything else
//! uses the wire format on plain sockets: the generator must cost little, because it shares the machine with the server. It must not
//! depend on the crates of the product, so it knows only what a client could know. Start reading in `scenario`.
//!
//! Scenarios:
//!
//! - `delivery`: posts commands at a steady rate and measures the time until the agent has received each
//! - `vanish`: cuts off some of the polls; every command posted after that must arrive
//! - `idle`: measures what waiting agents cost while nothing happens
//! - `endure`: posts commands while server, database and agents are killed, and counts lost and repeated commands

mod agent;
mod http;
mod process;
mod scenario;
mod seed;

use std::io::Write as _;

use clap::{Args, Parser, Subcommand};

#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    scenario: Scenario,
}

/// The server under test.
#[derive(Args, Clone, Debug)]
pub struct Target {
    /// `127.0.0.1:8000`
    #[arg(long)]
    pub address: String,
    /// URL of the server's database.
    #[arg(long)]
    pub database_url: String,
    /// Access token of the client that owns all deployments.
    #[arg(long)]
    pub bearer: String,
    /// User id of that client.
    #[arg(long, default_value = "local")]
    pub owner: String,
    /// Process id of the server, whose processor time and memory are measured.
    #[arg(long)]
    pub pid: u32,
    #[arg(long)]
    pub agents: usize,
}

#[derive(Subcommand)]
enum Scenario {
    Delivery {
        #[command(flatten)]
        target: Target,
        /// Commands per second.
        #[arg(long)]
        rate: u32,
        #[arg(long)]
        seconds: u32,
    },
    Vanish {
        #[command(flatten)]
        target: Target,
        #[arg(long)]
        vanishing: usize,
        #[arg(long)]
        commands: usize,
    },
    Idle {
        #[command(flatten)]
        target: Target,
        #[arg(long)]
        seconds: u32,
    },
    Endure {
        #[command(flatten)]
        target: Target,
        #[arg(long)]
        rate: u32,
        #[arg(long)]
        seconds: u32,
    },
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let measured = match Arguments::parse().scenario {
        Scenario::Delivery { target, rate, seconds } => scenario::delivery(&target, rate, seconds).await?,
        Scenario::Vanish { target, vanishing, commands } => {
            scenario::vanish(&target, vanishing, commands).await?
        }
        Scenario::Idle { target, seconds } => scenario::idle(&target, seconds).await?,
        Scenario::Endure { target, rate, seconds } => scenario::endure(&target, rate, seconds).await?,
    };
    writeln!(std::io::stdout().lock(), "{measured}")?;
    Ok(())
}
