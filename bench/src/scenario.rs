//! The scenarios: each prepares the agents, posts commands, and returns its measurements as JSON.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, atomic::Ordering},
    time::{Duration, Instant},
};

use anyhow::Context as _;
use serde_json::{Value, json};
use sqlx::PgPool;
use tokio::{sync::mpsc, task::JoinSet};

use crate::{
    Target,
    agent::{self, Log},
    http::Connection,
    process,
    seed::{self, Credentials},
};

/// Clients that post at the same time, so that one slow response does not delay the next command.
const POSTERS: usize = 16;
const PATIENCE: Duration = Duration::from_secs(60);
/// Short, so that a command lost on its way is delivered again before the scenario ends.
const TIMEOUT_SECONDS: u32 = 5;
/// A command that agents may repeat: it is delivered again after its lease has expired.
const REPEATABLE: &str = "list_containers";
/// A free type, which must not be repeated: it is delivered once, or ends with an unknown outcome.
const ONCE: &str = "load_once";
/// Pause before the first command is posted and before counting starts.
const SETTLE: Duration = Duration::from_secs(3);

struct Stage {
    pool: PgPool,
    agents: Vec<Credentials>,
    log: Arc<Log>,
    running: JoinSet<()>,
    tasks: Vec<tokio::task::AbortHandle>,
}

impl Stage {
    /// Returns when all agents are polling.
    async fn set(target: &Target) -> anyhow::Result<Self> {
        let pool = PgPool::connect(&target.database_url).await.context("connecting to the database")?;
        let agents = seed::agents(&pool, target).await?;
        let (log, mut running, mut tasks) = (Arc::new(Log::default()), JoinSet::new(), Vec::new());
        for (number, credentials) in agents.iter().enumerate() {
            tasks.push(running.spawn(agent::run(target.address.clone(), credentials.clone(), log.clone())));
            // Starts the agents in groups, because after a real restart agents do not connect all at the same moment either.
            if number % 100 == 99 {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        }
        let stage = Self { pool, agents, log, running, tasks };
        stage.until_polling(target.agents).await?;
        tokio::time::sleep(SETTLE).await;
        Ok(stage)
    }

    async fn until_polling(&self, how_many: usize) -> anyhow::Result<()> {
        let begun = Instant::now();
        while self.log.polling.load(Ordering::Relaxed) < how_many {
            anyhow::ensure!(begun.elapsed() < PATIENCE, "agents do not come to wait");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Ok(())
    }

    async fn until_reported(&self, how_many: usize, patience: Duration) {
        let begun = Instant::now();
        while self.log.reported.load(Ordering::Relaxed) < how_many && begun.elapsed() < patience {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// The number of statements run in this database so far, including `begin`, `commit` and this query.
    async fn statements(&self) -> anyhow::Result<i64> {
        Ok(sqlx::query_scalar(
            "select sum(calls)::bigint from pg_stat_statements
            where dbid = (select oid from pg_database where datname = current_database())",
        )
        .fetch_one(&self.pool)
        .await?)
    }
}

/// Posts `how_many` commands at a steady rate, spread over the agents. Returns the time at which each was posted.
async fn post(
    target: &Target,
    agents: &[Credentials],
    how_many: usize,
    rate: u32,
    command_type: fn(usize) -> &'static str,
) -> HashMap<u64, Instant> {
    let headers = format!("authorization: Bearer {}\r\n", target.bearer);
    let (send, receive) = mpsc::channel::<(u64, String)>(1024);
    let receive = Arc::new(tokio::sync::Mutex::new(receive));
    let mut posters = JoinSet::new();
    for _ in 0..POSTERS {
        let (address, headers, receive) = (target.address.clone(), headers.clone(), receive.clone());
        posters.spawn(async move {
            let mut posted = Vec::new();
            let mut connection = None;
            loop {
                let next = receive.lock().await.recv().await;
                let Some((number, body)) = next else { return posted };
                posted.push((number, Instant::now()));
                while post_one(&mut connection, &address, &headers, &body).await.is_err() {
                    tokio::time::sleep(Duration::from_millis(200)).await;
                }
            }
        });
    }
    let mut ticks = tokio::time::interval(Duration::from_secs(1) / rate);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    for number in 0..how_many {
        ticks.tick().await;
        // Does not follow the order of the agents, because adjacent rows would share cached pages.
        let agent = &agents[(number * 7919) % agents.len()];
        let body = json!({"deployment_hash": agent.hash, "command_type": command_type(number),
            "parameters": {"number": number}, "timeout_seconds": TIMEOUT_SECONDS});
        if send.send((number as u64, body.to_string())).await.is_err() {
            break;
        }
    }
    drop(send);
    posters.join_all().await.into_iter().flatten().collect()
}

/// Fails unless the answer is 201; the caller then posts again, because it cannot know whether the command was accepted.
async fn post_one(
    connection: &mut Option<Connection>,
    address: &str,
    headers: &str,
    body: &str,
) -> anyhow::Result<()> {
    let mut open = match connection.take() {
        Some(open) => open,
        None => Connection::open(address).await?,
    };
    let answer = open.ask("POST", "/api/v1/commands", headers, body).await?;
    anyhow::ensure!(answer.status == 201, "posting was answered {}", answer.status);
    *connection = Some(open);
    Ok(())
}

fn counted(log: &Log) -> HashMap<u64, usize> {
    let mut counted = HashMap::new();
    for receipt in log.received() {
        *counted.entry(receipt.number).or_default() += 1;
    }
    counted
}

/// `sorted` is in ascending order.
fn percentile(sorted: &[f64], percent: usize) -> Option<f64> {
    sorted.get((sorted.len() * percent / 100).min(sorted.len().checked_sub(1)?)).copied()
}

pub async fn delivery(target: &Target, rate: u32, seconds: u32) -> anyhow::Result<Value> {
    let stage = Stage::set(target).await?;
    let how_many = (rate * seconds) as usize;
    let before = process::processor_time(target.pid)?;
    let posted = post(target, &stage.agents, how_many, rate, |_| REPEATABLE).await;
    stage.until_reported(how_many, PATIENCE).await;
    let used = process::processor_time(target.pid)? - before;
    let mut latencies: Vec<f64> = stage
        .log
        .received()
        .iter()
        .filter_map(|receipt| {
            Some(receipt.at.duration_since(*posted.get(&receipt.number)?).as_secs_f64() * 1e3)
        })
        .collect();
    latencies.sort_by(f64::total_cmp);
    let counted = counted(&stage.log);
    Ok(json!({
        "posted": how_many,
        "lost": how_many - counted.len().min(how_many),
        "twice": counted.values().filter(|times| **times > 1).count(),
        "p50_ms": percentile(&latencies, 50),
        "p99_ms": percentile(&latencies, 99),
        "max_ms": latencies.last(),
        "cpu_ms_per_command": used.as_secs_f64() * 1e3 / how_many as f64,
        "resident_mib": process::resident_mebibytes(target.pid)?,
    }))
}

pub async fn vanish(target: &Target, vanishing: usize, commands: usize) -> anyhow::Result<Value> {
    let mut stage = Stage::set(target).await?;
    for task in &stage.tasks[..vanishing] {
        task.abort();
    }
    // Posts at once, before the server has noticed the closed connections.
    let agents: Vec<Credentials> = stage.agents[..vanishing].to_vec();
    let posting = post(target, &stage.agents, commands, 500, |_| REPEATABLE);
    let (address, log) = (target.address.clone(), stage.log.clone());
    let coming_back = async {
        tokio::time::sleep(Duration::from_millis(300)).await;
        for credentials in agents {
            stage.running.spawn(agent::run(address.clone(), credentials, log.clone()));
        }
    };
    tokio::join!(posting, coming_back);
    stage.until_reported(commands, PATIENCE).await;
    let counted = counted(&stage.log);
    Ok(json!({
        "posted": commands,
        "lost": commands - counted.len().min(commands),
        "twice": counted.values().filter(|times| **times > 1).count(),
    }))
}

pub async fn idle(target: &Target, seconds: u32) -> anyhow::Result<Value> {
    let stage = Stage::set(target).await?;
    sqlx::raw_sql("create extension if not exists pg_stat_statements").execute(&stage.pool).await?;
    let (time, statements) = (process::processor_time(target.pid)?, stage.statements().await?);
    let begun = Instant::now();
    tokio::time::sleep(Duration::from_secs(u64::from(seconds))).await;
    let passed = begun.elapsed().as_secs_f64();
    let used = process::processor_time(target.pid)? - time;
    // Minus the first of these two queries, which was counted only after it had returned.
    let statements = stage.statements().await? - statements - 1;
    Ok(json!({
        "waiting": stage.log.polling.load(Ordering::Relaxed),
        "cpu_percent": used.as_secs_f64() / passed * 100.0,
        "statements_per_second": statements as f64 / passed,
        "resident_mib": process::resident_mebibytes(target.pid)?,
    }))
}

/// Meanwhile a script kills the server and the database; this function kills agents at intervals.
pub async fn endure(target: &Target, rate: u32, seconds: u32) -> anyhow::Result<Value> {
    let mut stage = Stage::set(target).await?;
    let how_many = (rate * seconds) as usize;
    let alternating = |number: usize| if number.is_multiple_of(2) { REPEATABLE } else { ONCE };
    let posting = post(target, &stage.agents, how_many, rate, alternating);
    tokio::pin!(posting);
    let mut victim = 0;
    let mut kills = tokio::time::interval(Duration::from_millis(200));
    loop {
        tokio::select! {
            _ = &mut posting => break,
            _ = kills.tick() => {
                let number = (victim * 31) % stage.tasks.len();
                stage.tasks[number].abort();
                let credentials = stage.agents[number].clone();
                stage.tasks[number] =
                    stage.running.spawn(agent::run(target.address.clone(), credentials, stage.log.clone()));
                victim += 1;
            }
        }
    }
    // Leases of commands that were on their way when something was killed must expire first.
    let left = left_when_settled(&stage.pool).await?;
    let received: HashSet<u64> = stage.log.received().iter().map(|receipt| receipt.number).collect();
    let excused = without_known_outcome(&stage.pool).await?;
    let lost =
        (0..how_many as u64).filter(|number| !received.contains(number) && !excused.contains(number)).count();
    Ok(json!({
        "posted": how_many,
        "lost": lost,
        "without_known_outcome": excused.len(),
        "repeated": repeated(&stage).await?,
        "left_unfinished": left,
        "kills_of_agents": victim,
        "failures_seen": stage.log.failures.load(Ordering::Relaxed),
    }))
}

/// Commands that the server ended as `outcome-unknown`: the agent was killed while it had them.
async fn without_known_outcome(pool: &PgPool) -> anyhow::Result<HashSet<u64>> {
    let numbers: Vec<i64> = sqlx::query_scalar(
        "select (parameters ->> 'number')::bigint from commands where error ->> 'code' = 'outcome-unknown'",
    )
    .fetch_all(pool)
    .await?;
    Ok(numbers.into_iter().filter_map(|number| u64::try_from(number).ok()).collect())
}

/// Commands that must not be repeated but were delivered more than once.
async fn repeated(stage: &Stage) -> anyhow::Result<usize> {
    let once: Vec<String> = sqlx::query_scalar("select command_id from commands where type = $1")
        .bind(ONCE)
        .fetch_all(&stage.pool)
        .await?;
    let mut times: HashMap<String, usize> = once.into_iter().map(|id| (id, 0)).collect();
    for receipt in stage.log.received() {
        if let Some(times) = times.get_mut(&receipt.command_id) {
            *times += 1;
        }
    }
    Ok(times.values().filter(|times| **times > 1).count())
}

async fn left_when_settled(pool: &PgPool) -> anyhow::Result<i64> {
    let begun = Instant::now();
    loop {
        let left: Result<i64, _> = sqlx::query_scalar(
            "select count(*) from commands where status in ('queued', 'sent', 'executing')",
        )
        .fetch_one(pool)
        .await;
        match left {
            Ok(0) => return Ok(0),
            Ok(left) if begun.elapsed() > PATIENCE * 6 => return Ok(left),
            _ => tokio::time::sleep(Duration::from_millis(500)).await,
        }
    }
}
