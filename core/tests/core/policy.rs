//! The rules around REST: those of a new database, and how changes take effect.

use chrono::TimeDelta;
use domain::{
    access::{Caller, Role, Scope},
    api::{CreateAccessToken, CreateApiClient, RoleSource, RouteVerdict, SubjectKind},
};
use sqlx::PgPool;
use stacker::{
    authz::{Asked, Route, RouteTable, SEED},
    services::{Browser, MAX_RULES, NewRule, Question, RuleError, RuleFilter, SubjectQuery},
};

use crate::helpers::{World, admin, caller, user};

fn allow(subject: &str, pattern: &str, method: &str) -> NewRule {
    let own = |text: &str| text.to_owned();
    NewRule::Allow { subject: own(subject), pattern: own(pattern), method: own(method) }
}

fn may_list_clouds(world: &World, subject: &str) -> bool {
    let asked = Asked { subjects: &[subject], method: "GET", path: "/cloud", route: "/cloud" };
    world.services.rest_rules().allows(asked)
}

#[sqlx::test(migrations = "../migrations")]
async fn a_new_database_begins_with_the_rules_of_the_file(pool: PgPool) {
    let rules = World::of(pool).services.rules().list().await.unwrap();
    let stored: Vec<String> =
        rules.into_iter().map(|rule| format!("{}, {}", rule.ptype, rule.values.join(", "))).collect();
    let seed: Vec<&str> = SEED.lines().filter(|line| !line.starts_with('#')).collect();
    assert_eq!(stored, seed);
}

#[sqlx::test(migrations = "../migrations")]
async fn without_rules_nobody_may_anything(pool: PgPool) {
    let world = World::of(pool);
    assert!(!may_list_clouds(&world, "root"), "not read yet");
    world.services.load_rest_rules().await.unwrap();
    assert!(may_list_clouds(&world, "root"));
    sqlx::query("truncate casbin_rule").execute(&world.pool).await.unwrap();
    world.services.load_rest_rules().await.unwrap();
    assert!(!may_list_clouds(&world, "root"));
}

#[sqlx::test(migrations = "../migrations")]
async fn a_change_is_in_force_on_every_server_at_once_and_what_was_decided_before_is_forgotten(pool: PgPool) {
    let world = World::of(pool);
    let other = world.twin();
    let mut jobs = Vec::new();
    for server in [&world, &other] {
        server.services.load_rest_rules().await.unwrap();
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

#[sqlx::test(migrations = "../migrations")]
async fn what_is_no_rule_is_refused_and_a_rule_is_added_and_removed_once(pool: PgPool) {
    let rules = World::of(pool).services.rules();
    for wrong in [
        allow("", "/cloud", "GET"),
        allow("a b", "/cloud", "GET"),
        allow("auditor", "cloud", "GET"),
        allow("auditor", "/cloud", "LOOK"),
        allow(&"x".repeat(200), "/cloud", "GET"),
        allow("auditor", "/cloud/{id}", "GET"),
        allow("auditor", "/cloud/(7|8)", "GET"),
        NewRule::Member { member: "a".to_owned(), group: "a".to_owned() },
    ] {
        assert!(matches!(rules.add(&wrong).await, Err(RuleError::Invalid(_))), "{wrong:?}");
    }
    let rule = allow("auditor", "/cloud", "GET");
    rules.add(&rule).await.unwrap();
    assert!(matches!(rules.add(&rule).await, Err(RuleError::Exists)));
    rules.remove(&rule).await.unwrap();
    assert!(matches!(rules.remove(&rule).await, Err(RuleError::NotFound)));
}

fn question(id: &str, kind: Option<SubjectKind>, method: &str, path: &str) -> Question {
    let subject = SubjectQuery { id: id.to_owned(), kind, role: None };
    Question { subject, method: method.to_owned(), path: path.to_owned() }
}

async fn loaded(pool: PgPool) -> World {
    let world = World::of(pool);
    let route =
        |method: &str, pattern: &str| Route { method: method.to_owned(), pattern: pattern.to_owned() };
    world.services.offers(RouteTable::new(vec![
        route("GET", "/project/{id}"),
        route("DELETE", "/project/{id}"),
        route("GET", "/admin/project/user/{user_id}"),
        route("GET", "/nobody"),
    ]));
    world.services.load_rest_rules().await.unwrap();
    world
}

#[sqlx::test(migrations = "../migrations")]
async fn a_decision_says_by_which_rule_and_by_way_of_whom(pool: PgPool) {
    let world = loaded(pool).await;
    let rules = world.services.rules();
    let decided = rules.decide(&admin(), &question("root", None, "delete", "/project/7?x=y")).await.unwrap();
    assert!(decided.allowed && decided.is_current);
    let rule = decided.rule.unwrap();
    assert_eq!(
        (rule.ptype.as_str(), rule.subject.as_str(), rule.object.as_str(), rule.action.as_str()),
        ("p", "group_user", "/project/:id", "DELETE")
    );
    assert_eq!(decided.chain, ["root", "group_admin", "group_user"]);
    assert_eq!((decided.route.as_deref(), decided.methods.len()), (Some("/project/{id}"), 2));
    assert_eq!(decided.subject.names, ["root", "anonym"]);

    let refused =
        rules.decide(&admin(), &question("user", None, "GET", "/admin/project/user/7")).await.unwrap();
    assert!(!refused.allowed && refused.rule.is_none() && refused.chain.is_empty());
    assert_eq!(refused.nearest[0].rule.subject, "group_admin");
    let nowhere = rules.decide(&admin(), &question("root", None, "GET", "/nowhere")).await.unwrap();
    assert_eq!((nowhere.allowed, nowhere.route, nowhere.nearest.len()), (false, None, 0));
    for wrong in [
        question("", None, "GET", "/project"),
        question("root", None, "GET", "project"),
        question("root", None, "LOOK", "/project"),
        question(&"x".repeat(300), None, "GET", "/project"),
        question("7", Some(SubjectKind::Client), "GET", "/project"),
    ] {
        assert!(matches!(rules.decide(&admin(), &wrong).await, Err(RuleError::Invalid(_))), "{wrong:?}");
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn of_users_and_clients_what_is_known_here_is_asked_with(pool: PgPool) {
    let world = loaded(pool).await;
    let rules = world.services.rules();
    let asked = question("ada", None, "GET", "/project/7");
    let unknown = rules.decide(&admin(), &asked).await.unwrap_err();
    assert!(matches!(unknown, RuleError::RoleUnknown(id) if id == "ada"));
    let mut chosen = asked.clone();
    chosen.subject.role = Some("group_admin".to_owned());
    let chosen = rules.decide(&admin(), &chosen).await.unwrap();
    assert_eq!(chosen.subject.names, ["group_admin", "anonym"]);

    world.services.tokens().create(&user("ada"), CreateAccessToken::named("t")).await.unwrap();
    world.clock.advance(TimeDelta::minutes(1));
    let now_root = caller("ada", Role::Root);
    world.services.sessions().start(&now_root, &Browser::default()).await.unwrap();
    let new = CreateApiClient { name: Some("ci".to_owned()), ..CreateApiClient::default() };
    let client = world.services.clients().create(&user("ada"), new).await.unwrap();
    let known = rules.decide(&admin(), &asked).await.unwrap().subject;
    assert_eq!((known.kind, known.names), (SubjectKind::User, vec!["root".to_owned(), "anonym".to_owned()]));
    let roles: Vec<_> = known.roles.iter().map(|known| (known.role.as_str(), known.from)).collect();
    assert_eq!(roles, [("root", RoleSource::Session), ("group_user", RoleSource::Token)]);
    assert_eq!(known.clients[0].id, client.id);

    let id = client.id.to_string();
    let of_client = rules.decide(&admin(), &question(&id, None, "GET", "/project/7")).await.unwrap();
    assert_eq!(of_client.subject.kind, SubjectKind::Client);
    assert_eq!(of_client.subject.names, ["client", id.as_str(), "anonym"]);
    assert_eq!(of_client.chain, ["client", "group_user"]);
}

#[sqlx::test(migrations = "../migrations")]
async fn the_rules_are_for_administrators_and_not_for_tokens_that_only_read(pool: PgPool) {
    let world = loaded(pool).await;
    let rules = world.services.rules();
    let reader = Caller { scope: Scope::Read, ..admin() };
    for stranger in [user("ada"), reader] {
        let refused = rules.decide(&stranger, &question("root", None, "GET", "/project/7")).await;
        assert!(matches!(refused, Err(RuleError::Forbidden)));
        assert!(matches!(rules.routes(&stranger, &SubjectQuery::default()).await, Err(RuleError::Forbidden)));
        assert!(matches!(rules.page(&stranger, &RuleFilter::default()).await, Err(RuleError::Forbidden)));
        assert!(matches!(rules.subjects(&stranger), Err(RuleError::Forbidden)));
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn every_route_is_told_for_somebody_and_rules_are_listed_in_pages(pool: PgPool) {
    let world = loaded(pool).await;
    let rules = world.services.rules();
    rules.add(&allow("7", "/admin/project/user/12", "GET")).await.unwrap();
    world.services.load_rest_rules().await.unwrap();
    let subject = SubjectQuery { id: "7".to_owned(), kind: Some(SubjectKind::Role), role: None };
    let told = rules.routes(&admin(), &subject).await.unwrap();
    let told: Vec<_> = told.iter().map(|route| (route.pattern.as_str(), route.verdict)).collect();
    assert_eq!(
        told,
        [
            ("/admin/project/user/{user_id}", RouteVerdict::SomePaths),
            ("/nobody", RouteVerdict::Refused),
            ("/project/{id}", RouteVerdict::Refused),
            ("/project/{id}", RouteVerdict::Refused),
        ]
    );
    let mut filter = RuleFilter { ptype: "p".to_owned(), ..RuleFilter::default() };
    let (first, has_more) = rules.page(&admin(), &filter).await.unwrap();
    assert!(has_more && first.len() == MAX_RULES as usize);
    filter.after = Some(first.last().unwrap().id);
    let (second, _) = rules.page(&admin(), &filter).await.unwrap();
    assert!(second[0].id > first.last().unwrap().id);
    let filter = RuleFilter { text: " Project/user/12".to_owned(), ..filter };
    let (found, has_more) = rules.page(&admin(), &RuleFilter { after: None, ..filter }).await.unwrap();
    assert!(!has_more);
    assert_eq!(found[0].values, ["7", "/admin/project/user/12", "GET"]);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_rule_set_of_somewhere_else_loads_and_a_row_that_is_no_rule_is_left_out(pool: PgPool) {
    let world = World::of(pool);
    sqlx::query("truncate casbin_rule").execute(&world.pool).await.unwrap();
    sqlx::query(
        "insert into casbin_rule (ptype, v0, v1, v2, v3, v4, v5) values
            ('p', 'group_user', '/cloud', 'GET', '', '', ''),
            ('p', 'group_user', '/cloud/{id}', 'GET', '', '', ''),
            ('p', 'group_user', '/clouds(', 'GET', '', '', ''),
            ('p', 'group_user', '/cloud', '', '', '', ''),
            ('p', 'group_user', '/cloud', 'PUT', 'deny', '', ''),
            ('p2', 'group_user', '/cloud', 'PUT', '', '', ''),
            ('g', 'root', '', '', '', '', ''),
            ('g', 'user', 'group_user', '', '', '', '')",
    )
    .execute(&world.pool)
    .await
    .unwrap();
    world.services.load_rest_rules().await.unwrap();
    assert!(may_list_clouds(&world, "user") && !may_list_clouds(&world, "root"));
    let put = Asked { subjects: &["user"], method: "PUT", path: "/cloud", route: "/cloud" };
    assert!(!world.services.rest_rules().allows(put));
    let filter = RuleFilter { ptype: "p".to_owned(), ..RuleFilter::default() };
    let (listed, _) = world.services.rules().page(&admin(), &filter).await.unwrap();
    assert_eq!(listed.iter().filter(|rule| rule.problem.is_some()).count(), 4);
}

#[sqlx::test(migrations = "../migrations")]
async fn where_reloading_is_off_a_change_waits_for_a_restart(pool: PgPool) {
    let world = World::of(pool.clone());
    let still = World::with(pool, "casbin_reload_enabled: false\n");
    let mut jobs = Vec::new();
    for server in [&world, &still] {
        server.services.load_rest_rules().await.unwrap();
        jobs.push(crate::commands::world::start(&server.services).await);
        assert!(may_list_clouds(server, "group_user"));
    }
    world.services.rules().remove(&allow("group_user", "/cloud", "GET")).await.unwrap();
    crate::commands::world::until("the other has heard", || async { !may_list_clouds(&world, "group_user") })
        .await;
    assert!(may_list_clouds(&still, "group_user"));
    // The explanation uses the rules in force and tells that the database has others; asking changes nothing.
    let asked = question("group_user", None, "GET", "/cloud");
    let decided = still.services.rules().decide(&admin(), &asked).await.unwrap();
    assert!(decided.allowed && !decided.is_current);
    assert!(may_list_clouds(&still, "group_user"));
    for jobs in jobs {
        jobs.finish().await;
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn a_change_that_nobody_told_of_is_found_on_every_server(pool: PgPool) {
    sqlx::query("alter table casbin_rule disable trigger casbin_rule_changed").execute(&pool).await.unwrap();
    let every_second = "casbin_reload_interval_secs: 1\n";
    let servers = [World::with(pool.clone(), every_second), World::with(pool, every_second)];
    let mut jobs = Vec::new();
    for server in &servers {
        server.services.load_rest_rules().await.unwrap();
        jobs.push(crate::commands::world::start(&server.services).await);
        assert!(may_list_clouds(server, "group_user"));
    }
    // Updates in place, so that neither the number of rules nor the last id changes.
    let changed =
        sqlx::query("update casbin_rule set v0 = 'reader' where v0 = 'group_user' and v1 = '/cloud'");
    changed.execute(&servers[0].pool).await.unwrap();
    crate::commands::world::until("both have looked", || async {
        servers
            .iter()
            .all(|server| !may_list_clouds(server, "group_user") && may_list_clouds(server, "reader"))
    })
    .await;
    for jobs in jobs {
        jobs.finish().await;
    }
}
