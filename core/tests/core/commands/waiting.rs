//! Long polls with notifications of a real database, on one server and on two.

use std::time::Duration;

use domain::command::State;
use sqlx::PgPool;
use stacker::services::{CommandFilter, Poll, WaitError};

use super::world::{HASH, PATIENCE, command, enqueue, poll, report, start, taken, until, with_agent};
use crate::helpers::user;

async fn answered(waiting: tokio::task::JoinHandle<Result<Poll, WaitError>>) -> Poll {
    tokio::time::timeout(PATIENCE, waiting).await.unwrap().unwrap().unwrap()
}

#[sqlx::test(migrations = "../migrations")]
async fn an_agent_on_one_server_gets_what_is_posted_to_another(pool: PgPool) {
    let (here, agent) = with_agent(pool).await;
    let there = here.twin();
    let (jobs_here, jobs_there) = (start(&here.services).await, start(&there.services).await);
    let services = here.services.clone();
    let waiting = tokio::spawn(async move { services.commands().wait(&agent, HASH, PATIENCE, None).await });
    until("the agent waits", || async { here.services.hub().waiting() == 1 }).await;

    let made = enqueue(&there.services, "restart").await;

    assert_eq!(taken(answered(waiting).await).unwrap().command_id, made.command_id);
    jobs_here.finish().await;
    jobs_there.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_lost_poller_does_not_swallow_the_command(pool: PgPool) {
    let (world, agent) = with_agent(pool).await;
    let jobs = start(&world.services).await;
    let lost = {
        let (services, agent) = (world.services.clone(), agent.clone());
        tokio::spawn(async move { services.commands().wait(&agent, HASH, PATIENCE, None).await })
    };
    until("the agent waits", || async { world.services.hub().waiting() == 1 }).await;
    lost.abort();
    until("it has gone", || async { world.services.hub().waiting() == 0 }).await;

    let made = enqueue(&world.services, "exec").await;

    let services = world.services.clone();
    let waiting = tokio::spawn(async move { services.commands().wait(&agent, HASH, PATIENCE, None).await });
    let fetched = taken(answered(waiting).await).unwrap();
    assert_eq!((fetched.command_id, fetched.deliveries), (made.command_id, 1));
    jobs.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn an_answer_that_was_never_written_goes_back_into_the_line(pool: PgPool) {
    let (world, agent) = with_agent(pool).await;
    let made = enqueue(&world.services, "exec").await;
    let unwritten = poll(&world.services, &agent).await;
    assert!(unwritten.found.is_some());
    drop(unwritten);

    let back = || async {
        let command = world.services.commands().get(&user("ada"), HASH, &made.command_id).await.unwrap();
        (command.status, command.deliveries) == (State::Queued, 0)
    };
    until("it is in the line again", back).await;
    assert_eq!(taken(poll(&world.services, &agent).await).unwrap().deliveries, 1);
}

#[sqlx::test(migrations = "../migrations")]
async fn waiters_are_answered_at_once_when_the_server_stops(pool: PgPool) {
    let (world, agent) = with_agent(pool).await;
    let jobs = start(&world.services).await;
    let services = world.services.clone();
    let waiting = tokio::spawn(async move { services.commands().wait(&agent, HASH, PATIENCE, None).await });
    until("the agent waits", || async { world.services.hub().waiting() == 1 }).await;

    jobs.finish().await;

    let poll = answered(waiting).await;
    assert!(poll.found.is_none() && (1..=5).contains(&poll.next_poll_secs), "{poll:?}");
}

#[sqlx::test(migrations = "../migrations")]
async fn a_poll_that_was_held_to_its_end_may_come_again_at_once(pool: PgPool) {
    let (world, agent) = with_agent(pool).await;
    let held = world.services.commands().wait(&agent, HASH, Duration::from_millis(1), None).await.unwrap();
    assert!(held.found.is_none() && held.next_poll_secs == 0);
    let other = world.services.commands().wait(&agent, "dep-2", Duration::from_millis(1), None).await;
    assert!(matches!(other, Err(WaitError::OtherChannel)));
}

#[sqlx::test(migrations = "../migrations")]
async fn of_many_polls_of_one_agent_the_oldest_are_sent_home(pool: PgPool) {
    let (world, agent) = with_agent(pool).await;
    let polls: Vec<_> = (0..50)
        .map(|_| {
            let (services, agent) = (world.services.clone(), agent.clone());
            tokio::spawn(async move { services.commands().wait(&agent, HASH, PATIENCE, None).await })
        })
        .collect();
    until("the others have gone", || async {
        world.services.hub().waiting() <= 4 && polls.iter().filter(|poll| poll.is_finished()).count() == 46
    })
    .await;
    for poll in polls {
        poll.abort();
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn a_listening_connection_that_is_killed_comes_back_and_nothing_is_missed(pool: PgPool) {
    let (world, agent) = with_agent(pool).await;
    let jobs = start(&world.services).await;
    for round in 0..5 {
        let (services, agent) = (world.services.clone(), agent.clone());
        let waiting =
            tokio::spawn(async move { services.commands().wait(&agent, HASH, PATIENCE, None).await });
        until("the agent waits", || async { world.services.hub().waiting() == 1 }).await;
        sqlx::query(
            "select pg_terminate_backend(pid) from pg_stat_activity
             where datname = current_database() and query ilike 'listen%'",
        )
        .execute(&world.pool)
        .await
        .unwrap();
        // No connection listens at this moment, so this notification is lost.
        let made = enqueue(&world.services, "restart").await;
        assert_eq!(taken(answered(waiting).await).unwrap().command_id, made.command_id, "round {round}");
    }
    jobs.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn whoever_watches_commands_hears_of_a_report(pool: PgPool) {
    let (world, agent) = with_agent(pool).await;
    let jobs = start(&world.services).await;
    let made = enqueue(&world.services, "backup").await;
    let fetched = taken(poll(&world.services, &agent).await).unwrap();
    world.clock.advance(chrono::TimeDelta::seconds(1));
    let filter =
        CommandFilter { since: Some(fetched.updated_at), wait: PATIENCE, ..CommandFilter::default() };
    let services = world.services.clone();
    let watching =
        tokio::spawn(async move { services.commands().list(&user("ada"), HASH, filter).await.unwrap() });

    world.services.commands().report(&agent, report(&fetched, "success"), None).await.unwrap();

    let changed = tokio::time::timeout(PATIENCE, watching).await.unwrap().unwrap().items;
    assert_eq!((changed.len(), changed[0].command_id.as_str()), (1, made.command_id.as_str()));
    jobs.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_scheduled_command_wakes_its_agent_in_time(pool: PgPool) {
    let (world, agent) = with_agent(pool).await;
    let jobs = start(&world.services).await;
    let services = world.services.clone();
    let waiting = tokio::spawn(async move { services.commands().wait(&agent, HASH, PATIENCE, None).await });
    until("the agent waits", || async { world.services.hub().waiting() == 1 }).await;
    let in_a_moment = chrono::TimeDelta::milliseconds(200);
    let mut soon = command("restart");
    soon.scheduled_for = Some(world.services.context().clock.now() + in_a_moment);

    let made = world.services.commands().create(&user("ada"), soon).await.unwrap();
    world.clock.advance(in_a_moment);

    assert_eq!(taken(answered(waiting).await).unwrap().command_id, made.command_id);
    jobs.finish().await;
}
