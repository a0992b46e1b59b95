use sqlx::PgPool;

use super::running;
use crate::helpers::{World, user};

#[sqlx::test(migrations = "../migrations")]
async fn events_go_on_after_the_last_one_heard(pool: PgPool) {
    let world = World::of(pool);
    let ada = user("ada");
    let deployed = running(&world, &ada).await;
    let all = deployed.deployments.events(&ada, &deployed.hash, 0).await.unwrap();
    let kinds: Vec<_> = all
        .iter()
        .map(|event| serde_json::to_value(&event.what).unwrap()["event"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(kinds, ["command", "services", "deployment", "revision"]);
    assert!(all.windows(2).all(|pair| pair[0].id < pair[1].id));

    let rest = deployed.deployments.events(&ada, &deployed.hash, all[1].id).await.unwrap();
    assert_eq!(rest, all[2..]);
    let detail = deployed.deployments.get(&ada, &deployed.hash).await.unwrap();
    assert_eq!(detail.last_event_id, all[3].id);
}
