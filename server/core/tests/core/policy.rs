//! The rules of who may do what over REST: what a new database begins with, and how changes come into force.

use sqlx::PgPool;
use stacker::{
    authz::{Asked, SEED},
    services::{NewRule, RuleError},
};

use crate::helpers::World;

fn allow(subject: &str, pattern: &str, method: &str) -> NewRule {
    let own = |text: &str| text.to_owned();
    NewRule::Allow { subject: own(subject), pattern: own(pattern), method: own(method) }
}

fn may_list_clouds(world: &World, subject: &str) -> bool {
    let asked = Asked { subjects: &[subject], method: "GET", path: "/cloud", route: "/cloud" };
    world.services.policy().allows(asked)
}

#[sqlx::test(migrations = "../../migrations")]
async fn a_new_database_begins_with_the_rules_of_the_file(pool: PgPool) {
    let rules = World::of(pool).services.rules().list().await.unwrap();
    let stored: Vec<String> =
        rules.into_iter().map(|rule| format!("{}, {}", rule.ptype, rule.values.join(", "))).collect();
    let seed: Vec<&str> = SEED.lines().filter(|line| !line.starts_with('#')).collect();
    assert_eq!(stored, seed);
}

#[sqlx::test(migrations = "../../migrations")]
async fn without_rules_nobody_may_anything(pool: PgPool) {
    let world = World::of(pool);
    assert!(!may_list_clouds(&world, "root"), "not read yet");
    world.services.load_policy().await.unwrap();
    assert!(may_list_clouds(&world, "root"));
    sqlx::query("truncate casbin_rule").execute(&world.pool).await.unwrap();
    world.services.load_policy().await.unwrap();
    assert!(!may_list_clouds(&world, "root"));
}

#[sqlx::test(migrations = "../../migrations")]
async fn a_change_is_in_force_on_every_server_at_once_and_what_was_decided_before_is_forgotten(pool: PgPool) {
    let world = World::of(pool);
    let other = world.twin();
    let mut jobs = Vec::new();
    for server in [&world, &other] {
        server.services.load_policy().await.unwrap();
        jobs.push(crate::commands::world::start(&server.services).await);
        assert!(may_list_clouds(server, "group_user") && !may_list_clouds(server, "auditor"));
    }
    let rules = world.services.rules();
    rules.remove(&allow("group_user", "/cloud", "GET")).await.unwrap();
    rules.add(&NewRule::Member { member: "auditor".to_owned(), group: "reader".to_owned() }).await.unwrap();
    rules.add(&allow("reader", "/cloud", "GET")).await.unwrap();
    crate::commands::world::until("both have heard", || async {
        [&world, &other]
            .iter()
            .all(|server| !may_list_clouds(server, "group_user") && may_list_clouds(server, "auditor"))
    })
    .await;
    for jobs in jobs {
        jobs.finish().await;
    }
    let audited: i64 = sqlx::query_scalar("select count(*) from audit_log where action like 'policy.%'")
        .fetch_one(&world.pool)
        .await
        .unwrap();
    assert_eq!(audited, 3);
}

#[sqlx::test(migrations = "../../migrations")]
async fn what_is_no_rule_is_refused_and_a_rule_is_added_and_removed_once(pool: PgPool) {
    let rules = World::of(pool).services.rules();
    for wrong in [
        allow("", "/cloud", "GET"),
        allow("a b", "/cloud", "GET"),
        allow("auditor", "cloud", "GET"),
        allow("auditor", "/cloud", "LOOK"),
        allow(&"x".repeat(200), "/cloud", "GET"),
        NewRule::Member { member: "a".to_owned(), group: "a".to_owned() },
    ] {
        assert!(matches!(rules.add(&wrong).await, Err(RuleError::Invalid(_))), "{wrong:?}");
    }
    let rule = allow("auditor", "/cloud", "GET");
    rules.add(&rule).await.unwrap();
    assert!(matches!(rules.add(&rule).await, Err(RuleError::Exists)));
    let explained = rules.explain("auditor", "/cloud", "GET").await.unwrap();
    assert_eq!(explained.rule.unwrap(), ["auditor", "/cloud", "GET"]);
    rules.remove(&rule).await.unwrap();
    assert!(matches!(rules.remove(&rule).await, Err(RuleError::NotFound)));
    assert!(!rules.explain("auditor", "/cloud", "GET").await.unwrap().allowed);
}
