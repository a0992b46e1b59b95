//! One command from creation to its end.

use chrono::TimeDelta;
use domain::{
    api::{Happened, ReportProgress},
    command::State,
};
use serde_json::{Value, json};
use sqlx::PgPool;
use stacker::{
    db::Pool,
    services::{CancelError, CommandFilter, CreateError, ListError, ReportError},
};

use super::world::{HASH, command, deployment, enqueue, poll, report, taken, with_agent};
use crate::helpers::{World, user};

async fn stored(world: &World, command_id: &str) -> domain::api::Command {
    world.services.commands().get(&user("ada"), HASH, command_id).await.unwrap()
}

async fn events(pool: &Pool) -> Vec<Happened> {
    let rows: Vec<Value> =
        sqlx::query_scalar("select event from deployment_event order by id").fetch_all(pool).await.unwrap();
    rows.into_iter().map(|row| serde_json::from_value(row).unwrap()).collect()
}

#[sqlx::test(migrations = "../migrations")]
async fn a_command_is_fetched_once_and_its_report_ends_it(pool: PgPool) {
    let (world, agent) = with_agent(pool).await;
    let made = enqueue(&world.services, "restart").await;

    let fetched = taken(poll(&world.services, &agent).await).unwrap();
    assert_eq!((fetched.command_id.as_str(), fetched.status), (made.command_id.as_str(), State::Sent));
    assert_eq!(fetched.parameters, json!({"app_code": "web", "force": false}));
    assert!(poll(&world.services, &agent).await.found.is_none());

    let mut done = report(&fetched, "success");
    done.result = Some(json!({"type": "restart", "deployment_hash": HASH, "app_code": "web", "status": "ok",
        "container_state": "running"}));
    let answer = world.services.commands().report(&agent, done, None).await.unwrap();
    assert!(answer.accepted && answer.message.contains("completed"), "{answer:?}");

    let ended = stored(&world, &made.command_id).await;
    assert_eq!((ended.status, ended.error, ended.deliveries), (State::Completed, None, 1));
    let states: Vec<_> = events(&world.pool)
        .await
        .into_iter()
        .filter_map(|event| match event {
            Happened::Command { status, .. } => Some(status),
            _ => None,
        })
        .collect();
    assert_eq!(states, [State::Queued, State::Sent, State::Completed]);
}

#[sqlx::test(migrations = "../migrations")]
async fn the_first_final_report_wins_and_later_ones_are_acknowledged(pool: PgPool) {
    let (world, agent) = with_agent(pool).await;
    enqueue(&world.services, "backup").await;
    let fetched = taken(poll(&world.services, &agent).await).unwrap();
    let commands = world.services.commands();
    let mut failed = report(&fetched, "error");
    failed.error = Some(json!("disk full"));
    commands.report(&agent, failed.clone(), None).await.unwrap();
    let ended = stored(&world, &fetched.command_id).await;

    for word in ["error", "success", "completed", "failed"] {
        let again = commands.report(&agent, report(&fetched, word), None).await.unwrap();
        assert!(again.accepted, "{word}");
    }
    assert_eq!(stored(&world, &fetched.command_id).await, ended);
    assert_eq!(ended.error, Some(json!("disk full")));
    let late: i64 =
        sqlx::query_scalar("select count(*) from audit_log where action = 'command.reported_late'")
            .fetch_one(&world.pool)
            .await
            .unwrap();
    assert_eq!(late, 4);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_result_of_the_wrong_shape_is_kept_and_said(pool: PgPool) {
    let (world, agent) = with_agent(pool).await;
    enqueue(&world.services, "health").await;
    let fetched = taken(poll(&world.services, &agent).await).unwrap();
    let mut odd = report(&fetched, "success");
    odd.result = Some(json!({"mood": "fine\u{0}"}));

    world.services.commands().report(&agent, odd, None).await.unwrap();

    let ended = stored(&world, &fetched.command_id).await;
    assert_eq!(ended.status, State::Completed);
    assert_eq!(ended.result, Some(json!({"mood": "fine\u{fffd}"})));
    assert_eq!(ended.error.unwrap()["errors"][0]["code"], "result-shape");
}

#[sqlx::test(migrations = "../migrations")]
async fn an_agent_reports_only_what_was_sent_to_its_channel(pool: PgPool) {
    let (world, agent) = with_agent(pool).await;
    deployment(&world.pool, "bob", "dep-2", None).await;
    let mut foreign = command("restart");
    foreign.deployment_hash = "dep-2".to_owned();
    let foreign = world.services.commands().create(&user("bob"), foreign).await.unwrap();
    let commands = world.services.commands();

    let by_hash = commands.report(&agent, report(&foreign, "success"), None).await;
    assert!(matches!(by_hash, Err(ReportError::OtherDeployment)));
    let mut by_id = report(&foreign, "success");
    by_id.deployment_hash = HASH.to_owned();
    assert!(matches!(commands.report(&agent, by_id, None).await, Err(ReportError::NotFound)));
    let mut unknown_word = report(&foreign, "done");
    unknown_word.deployment_hash = HASH.to_owned();
    assert!(matches!(commands.report(&agent, unknown_word, None).await, Err(ReportError::Status(_))));
}

#[sqlx::test(migrations = "../migrations")]
async fn priority_comes_before_age_and_a_schedule_before_both(pool: PgPool) {
    let (world, agent) = with_agent(pool).await;
    let commands = world.services.commands();
    let mut made = Vec::new();
    for (name, priority) in [("low", "low"), ("first", "normal"), ("second", "whatever"), ("now", "CRITICAL")]
    {
        let mut new = command(name);
        new.priority = Some(priority.to_owned());
        made.push(commands.create(&user("ada"), new).await.unwrap());
        world.clock.advance(TimeDelta::seconds(1));
    }
    let mut later = command("later");
    later.priority = Some("critical".to_owned());
    later.scheduled_for = Some(made[3].created_at + TimeDelta::minutes(5));
    commands.create(&user("ada"), later).await.unwrap();

    let mut order = Vec::new();
    while let Some(fetched) = taken(poll(&world.services, &agent).await) {
        order.push(fetched.r#type.to_string());
    }
    assert_eq!(order, ["now", "first", "second", "low"]);
    world.clock.advance(TimeDelta::minutes(5));
    assert_eq!(taken(poll(&world.services, &agent).await).unwrap().r#type.as_str(), "later");
}

#[sqlx::test(migrations = "../migrations")]
async fn a_lease_that_ran_out_is_delivered_again_three_times_in_all(pool: PgPool) {
    let (world, agent) = with_agent(pool).await;
    let made = enqueue(&world.services, "restart").await;
    for delivery in 1..=3 {
        assert_eq!(taken(poll(&world.services, &agent).await).unwrap().deliveries, delivery);
        assert!(poll(&world.services, &agent).await.found.is_none(), "the lease holds");
        world.clock.advance(TimeDelta::seconds(331));
    }
    assert_eq!(stored(&world, &made.command_id).await.status, State::Sent, "until the agent is there");
    assert!(poll(&world.services, &agent).await.found.is_none());
    let ended = stored(&world, &made.command_id).await;
    assert_eq!((ended.status, &ended.error.unwrap()["code"]), (State::Failed, &json!("not-reported")));
}

#[sqlx::test(migrations = "../migrations")]
async fn what_must_not_be_repeated_is_not(pool: PgPool) {
    let (world, agent) = with_agent(pool).await;
    for name in ["exec", "remove_app", "trigger_pipe", "restart_service"] {
        let made = enqueue(&world.services, name).await;
        taken(poll(&world.services, &agent).await).unwrap();
        world.clock.advance(TimeDelta::seconds(331));
        assert!(poll(&world.services, &agent).await.found.is_none(), "{name}");
        let ended = stored(&world, &made.command_id).await;
        assert_eq!(ended.status, State::Failed, "{name}");
        assert_eq!(ended.error.unwrap()["code"], "outcome-unknown", "{name}");
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn progress_renews_the_lease_and_is_kept_once(pool: PgPool) {
    let (world, agent) = with_agent(pool).await;
    let made = enqueue(&world.services, "restart").await;
    taken(poll(&world.services, &agent).await).unwrap();
    let commands = world.services.commands();
    for seq in [0, 1, 1, 2] {
        world.clock.advance(TimeDelta::seconds(300));
        let progress = ReportProgress {
            command_id: made.command_id.clone(),
            deployment_hash: HASH.to_owned(),
            seq,
            step: "pull".to_owned(),
            message: format!("layer {seq}\0"),
            at: made.created_at,
        };
        let answer = commands.progress(&agent, progress).await.unwrap();
        assert!(answer.accepted && !answer.cancelled);
    }
    assert!(poll(&world.services, &agent).await.found.is_none());
    assert_eq!(stored(&world, &made.command_id).await.status, State::Executing);
    let lines = events(&world.pool).await;
    let lines = lines.iter().filter(|event| matches!(event, Happened::Progress { .. }));
    assert_eq!(lines.count(), 3);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_cancelled_command_is_not_fetched_and_a_working_agent_is_told(pool: PgPool) {
    let (world, agent) = with_agent(pool).await;
    let commands = world.services.commands();
    let queued = enqueue(&world.services, "restart").await;
    commands.cancel(&user("ada"), HASH, &queued.command_id).await.unwrap();
    assert!(poll(&world.services, &agent).await.found.is_none());
    let again = commands.cancel(&user("ada"), HASH, &queued.command_id).await.unwrap_err();
    assert!(matches!(again, CancelError::Ended(State::Cancelled)), "{again}");

    let sent = enqueue(&world.services, "restart").await;
    let fetched = taken(poll(&world.services, &agent).await).unwrap();
    commands.cancel(&user("ada"), HASH, &sent.id.to_string()).await.unwrap();
    let told = taken(poll(&world.services, &agent).await).unwrap();
    assert_eq!((told.r#type.as_str(), told.parameters), ("cancel", json!({"command_id": sent.command_id})));
    let progress = ReportProgress {
        command_id: sent.command_id.clone(),
        deployment_hash: HASH.to_owned(),
        seq: 1,
        step: "pull".to_owned(),
        message: String::new(),
        at: sent.created_at,
    };
    assert!(commands.progress(&agent, progress).await.unwrap().cancelled);
    assert!(commands.report(&agent, report(&fetched, "success"), None).await.unwrap().accepted);
    assert_eq!(stored(&world, &sent.command_id).await.status, State::Cancelled);
}

#[sqlx::test(migrations = "../migrations")]
async fn what_nobody_fetches_for_a_day_fails(pool: PgPool) {
    let (world, _) = with_agent(pool).await;
    let made = enqueue(&world.services, "restart").await;
    let mut scheduled = command("restart");
    scheduled.scheduled_for = Some(made.created_at + TimeDelta::hours(20));
    let scheduled = world.services.commands().create(&user("ada"), scheduled).await.unwrap();
    world.clock.advance(TimeDelta::hours(24));

    world.services.commands().give_up_unfetched().await.unwrap();

    let ended = stored(&world, &made.command_id).await;
    assert_eq!((ended.status, &ended.error.unwrap()["code"]), (State::Failed, &json!("never-fetched")));
    assert_eq!(stored(&world, &scheduled.command_id).await.status, State::Queued);
}

#[sqlx::test(migrations = "../migrations")]
async fn commands_are_for_the_owner_of_a_live_deployment(pool: PgPool) {
    let (world, _) = with_agent(pool).await;
    let made = enqueue(&world.services, "restart").await;
    let commands = world.services.commands();
    let bob = user("bob");

    assert!(matches!(commands.create(&bob, command("restart")).await, Err(CreateError::NotFound)));
    assert!(matches!(commands.list(&bob, HASH, Default::default()).await, Err(ListError::NotFound)));
    assert!(matches!(commands.get(&bob, HASH, &made.command_id).await, Err(ListError::NotFound)));
    let cancelled = commands.cancel(&bob, HASH, &made.command_id).await;
    assert!(matches!(cancelled, Err(CancelError::NotFound)));

    for hash in ["", "  "] {
        let blank = domain::api::CreateCommand { deployment_hash: hash.to_owned(), ..command("restart") };
        let refused = commands.create(&user("ada"), blank).await.unwrap_err();
        assert_eq!(refused.to_string(), "deployment_hash is required");
    }
    for hash in [&"x".repeat(10_000), "unknown"] {
        let unknown = domain::api::CreateCommand { deployment_hash: hash.to_owned(), ..command("restart") };
        let refused = commands.create(&user("ada"), unknown).await;
        assert!(matches!(refused, Err(CreateError::NotFound)), "{hash}");
    }
    for timeout in [0, -1, 86_401] {
        let odd = domain::api::CreateCommand { timeout_seconds: Some(timeout), ..command("restart") };
        assert!(matches!(commands.create(&user("ada"), odd).await, Err(CreateError::Invalid { .. })));
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn what_nobody_got_cannot_be_reported(pool: PgPool) {
    let (world, agent) = with_agent(pool).await;
    let made = enqueue(&world.services, "restart").await;
    let answer = world.services.commands().report(&agent, report(&made, "success"), None).await.unwrap();
    assert!(answer.message.contains("was not delivered"), "{answer:?}");
    assert_eq!(stored(&world, &made.command_id).await.status, State::Queued);
    assert!(taken(poll(&world.services, &agent).await).is_some());
}

#[sqlx::test(migrations = "../migrations")]
async fn a_command_is_scheduled_for_a_time_there_is(pool: PgPool) {
    let (world, _) = with_agent(pool).await;
    let (commands, now) = (world.services.commands(), world.services.context().clock.now());
    for (time, is_taken) in [
        (now - TimeDelta::hours(23), true),
        (now + TimeDelta::days(364), true),
        (now - TimeDelta::days(2), false),
        (now + TimeDelta::days(366), false),
        (chrono::DateTime::<chrono::Utc>::MIN_UTC, false),
        (chrono::DateTime::<chrono::Utc>::MAX_UTC, false),
    ] {
        let scheduled = domain::api::CreateCommand { scheduled_for: Some(time), ..command("restart") };
        let made = commands.create(&user("ada"), scheduled).await;
        assert_eq!(made.is_ok(), is_taken, "{time}: {made:?}");
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn open_commands_of_a_deployment_have_a_limit_also_when_they_come_at_once(pool: PgPool) {
    let world = World::with(pool, "limits:\n  open_commands_per_deployment: 5\n");
    deployment(&world.pool, "ada", HASH, None).await;
    let making = (0..12).map(|_| {
        let commands = world.services.commands();
        tokio::spawn(async move { commands.create(&user("ada"), command("restart")).await })
    });
    let mut made = Vec::new();
    for attempt in making.collect::<Vec<_>>() {
        match attempt.await.unwrap() {
            Ok(command) => made.push(command),
            Err(error) => {
                assert!(matches!(error, CreateError::TooManyOpen { .. }), "{error}")
            }
        }
    }
    assert_eq!(made.len(), 5);
    let commands = world.services.commands();
    commands.cancel(&user("ada"), HASH, &made[0].command_id).await.unwrap();
    assert!(commands.create(&user("ada"), command("restart")).await.is_ok());
}

#[sqlx::test(migrations = "../migrations")]
async fn a_list_comes_in_parts_that_leave_nothing_out(pool: PgPool) {
    let (world, _) = with_agent(pool).await;
    let (commands, ada) = (world.services.commands(), user("ada"));
    let large = json!({"text": "x".repeat(1_500_000)});
    for _ in 0..7 {
        let new = domain::api::CreateCommand { parameters: Some(large.clone()), ..command("backup") };
        commands.create(&ada, new).await.unwrap();
    }
    for since in [None, Some(world.services.context().clock.now() - TimeDelta::days(1))] {
        let mut filter = CommandFilter { since, ..CommandFilter::default() };
        let mut sizes = Vec::new();
        let mut seen = std::collections::BTreeSet::new();
        loop {
            let part = commands.list(&ada, HASH, filter.clone()).await.unwrap();
            sizes.push(part.items.len());
            seen.extend(part.items.into_iter().map(|command| command.command_id));
            let Some(next) = part.next else { break };
            filter.after = Some(next);
        }
        assert_eq!((sizes, seen.len()), (vec![5, 2], 7));
    }
    let filter = CommandFilter { after: Some("unknown".to_owned()), ..CommandFilter::default() };
    assert!(commands.list(&ada, HASH, filter).await.unwrap().items.is_empty());
}
