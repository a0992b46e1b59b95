//! Plays many agents and one client against a running server, and prints what it measured as one line of JSON.
//!
//! The agents are put into the database directly: ten thousand registrations are not what is measured. Everything after
//! that goes over the wire, on plain sockets: a generator that costs little, because it shares the machine.
//!
//! - `delivery`: commands posted at a steady rate, and how long until the agent holds each
//! - `vanish`: a part of the polls is cut off; what is posted after that must all arrive
//! - `idle`: agents wait and nothing happens: what that costs
//! - `endure`: commands posted while others break the server, the database and the agents; what was lost or came twice

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

/// Where everything is.
#[derive(Args, Clone, Debug)]
pub struct Target {
    /// `127.0.0.1:8000`
    #[arg(long)]
    pub address: String,
    /// Of the database of the server.
    #[arg(long)]
    pub database_url: String,
    /// Of a client, the owner of all deployments.
    #[arg(long)]
    pub bearer: String,
    /// Who that is.
    #[arg(long, default_value = "local")]
    pub owner: String,
    /// The process of the server, whose processor time and memory are looked at.
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
        /// Commands a second.
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
