//! Rotations while servers write, rotations that are interrupted, and rotations that some server is not ready for.

use std::{
    collections::BTreeMap,
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use chrono::TimeDelta;
use secrecy::ExposeSecret as _;
use sqlx::PgPool;
use stacker::{
    context::SystemRandom,
    crypto::KeyRing,
    db::{Pool, SEALED_COLUMNS},
    services::{
        KeyRingSource, RetireError, Retired, Rotated, RotationError, Verified, Whose, open_everything,
    },
};

use super::server::{Server, file, fill, keyring_of, values};
use crate::helpers::user;

#[sqlx::test(migrations = "../migrations")]
async fn no_column_that_may_be_sealed_is_forgotten_by_rotations(pool: PgPool) {
    let pool = Pool::from(&pool);
    let columns: Vec<String> = sqlx::query_scalar(
        "select table_name || '.' || column_name from information_schema.columns
         where table_schema = 'public' and table_name <> '_sqlx_migrations' and data_type = 'bytea'
            and column_name not like '%hash' and column_name not like '%sha256'
            and table_name || '.' || column_name <> 'sealing_key.proof'
         union
         select table_name || '.' || column_name from information_schema.columns
         where table_schema = 'public' and column_name like '%sealed%'
         order by 1",
    )
    .fetch_all(&pool)
    .await
    .unwrap();
    let listed: Vec<String> = SEALED_COLUMNS.iter().map(|column| column.name()).collect();
    assert_eq!(columns, listed, "left: the schema; right: SEALED_COLUMNS in db/sealing/sealed_columns.rs");
}

#[sqlx::test(migrations = "../migrations")]
async fn keys_are_rotated_while_two_servers_write(pool: PgPool) {
    let pool = Pool::from(&pool);
    let folder = tempfile::tempdir().unwrap();
    let one = Server::start(&pool, file(&folder)).await.unwrap();
    let other = Server::start(&pool, file(&folder)).await.unwrap();
    one.listens().await;
    other.listens().await;
    fill(&one, 60).await;
    let mut secrets = BTreeMap::new();
    for _ in 0..10 {
        let client = one.client().await;
        secrets.insert(client.id, client.secret.unwrap());
    }
    let ids: Vec<i32> = secrets.keys().copied().collect();
    let (done, mut writes) = (AtomicBool::new(false), 0);
    let writing = async {
        for id in ids.iter().cycle() {
            if done.load(Ordering::SeqCst) {
                return;
            }
            let writer = if writes % 2 == 0 { &one } else { &other };
            let rotated = writer.services.clients().rotate(&user("ada"), Whose::Own, *id).await.unwrap();
            let secret = rotated.secret.unwrap();
            // Both servers can open each secret at once, whichever server wrote it and with whichever key.
            assert!(one.is_believed(*id, &secret).await && other.is_believed(*id, &secret).await);
            secrets.insert(*id, secret);
            writes += 1;
        }
    };
    let rotating = async {
        let rotated = one.rotate().await;
        done.store(true, Ordering::SeqCst);
        rotated.unwrap()
    };
    let (rotated, ()) = tokio::join!(rotating, writing);
    assert!(writes > 10, "{writes} writes");
    let Rotated::Done { key: 2, resealed, unreadable, left: 0, was_finished: false } = rotated else {
        panic!("{rotated:?}")
    };
    assert!(resealed >= 240 && unreadable.is_empty(), "{resealed} {unreadable:?}");
    assert_eq!(values(&pool, &one.keyring).await, BTreeMap::from([(2, 250)]));
    assert_eq!((one.keyring.active_key(), other.keyring.active_key()), (2, 2));

    // The old key seals nothing any more, so it can be removed.
    assert!(matches!(one.retire(1, false).await, Err(RetireError::TooEarly { .. })));
    for server in [&one, &other] {
        server.clock.advance(TimeDelta::minutes(16));
    }
    let early = one.retire(1, false).await;
    assert!(matches!(early, Ok(Retired::Done)), "{early:?}");
    let again = KeyRing::open_or_create(&keyring_of(folder.path()), &SystemRandom).unwrap();
    assert_eq!(again.fingerprints().into_keys().collect::<Vec<_>>(), [2]);
    for (id, secret) in &secrets {
        assert!(one.is_believed(*id, secret).await && other.is_believed(*id, secret).await);
    }
    let verified = open_everything(&pool, &again).await.unwrap();
    assert_eq!(verified, Verified { opened: 250, ..Verified::default() });
    let audited: Vec<String> =
        sqlx::query_scalar("select action from audit_log where action like 'key.%' order by action")
            .fetch_all(&pool)
            .await
            .unwrap();
    assert_eq!(audited, ["key.resealed", "key.retired", "key.rotated"]);
    one.stop().await;
    other.stop().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_rotation_that_is_cut_short_is_finished_by_the_next(pool: PgPool) {
    let pool = Pool::from(&pool);
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(&pool, file(&folder)).await.unwrap();
    server.listens().await;
    fill(&server, 120).await;
    for cut_after in [1, 30, 60, 90, 120, 160, 200, 300] {
        let cut = tokio::time::timeout(Duration::from_millis(cut_after), server.rotate()).await;
        // No value is lost at any moment.
        let keyring = KeyRing::open_or_create(&keyring_of(folder.path()), &SystemRandom).unwrap();
        let verified = open_everything(&pool, &keyring).await.unwrap();
        assert_eq!((verified.opened, verified.failed), (480, 0), "cut after {cut_after} ms");
        drop(cut);
    }
    let rotated = loop {
        match server.rotate().await {
            // The lock of the interrupted rotation is released when its connection closes.
            Err(RotationError::Busy) => tokio::time::sleep(Duration::from_millis(20)).await,
            rotated => break rotated.unwrap(),
        }
    };
    let Rotated::Done { key, left: 0, .. } = rotated else { panic!("{rotated:?}") };
    assert_eq!(values(&pool, &server.keyring).await, BTreeMap::from([(key, 480)]));
    for older in 1..key {
        server.retire(older, true).await.unwrap();
    }
    assert!(matches!(server.retire(key, true).await, Err(RetireError::Current(_))));
    assert!(matches!(server.retire(99, true).await, Err(RetireError::Unknown(99))));
    server.stop().await;
}

/// Numeric and other ids alike: with more rows than one batch, each row is read once.
#[sqlx::test(migrations = "../migrations")]
async fn many_values_are_all_sealed_anew(pool: PgPool) {
    let pool = Pool::from(&pool);
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(&pool, file(&folder)).await.unwrap();
    server.listens().await;
    let client = server.client().await;
    let column = SEALED_COLUMNS.iter().find(|column| column.table == "client").unwrap();
    let (mut ids, mut sealed) = (Vec::new(), Vec::new());
    for id in client.id + 1..client.id + 1500 {
        ids.push(id);
        sealed.push(server.keyring.seal(&SystemRandom, b"x", column.place(&id.to_string())).unwrap());
    }
    sqlx::query(
        "insert into client (id, user_id, user_name, secret, scope, is_hardened, created_at, updated_at)
         select n.id, 'bob', 'Bob', n.secret, 'read', false, now(), now()
         from unnest($1::integer[], $2::bytea[]) as n(id, secret)",
    )
    .bind(ids)
    .bind(sealed)
    .execute(&pool)
    .await
    .unwrap();
    let begun = std::time::Instant::now();
    let Rotated::Done { resealed: 1500, left: 0, .. } = server.rotate().await.unwrap() else {
        panic!("not all")
    };
    println!("1,500 values re-sealed in {:?}", begun.elapsed());
    let verified = open_everything(&pool, &server.keyring).await.unwrap();
    assert_eq!(verified, Verified { opened: 1500, ..Verified::default() });
    server.stop().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn no_key_seals_before_every_server_holds_it(pool: PgPool) {
    let pool = Pool::from(&pool);
    let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let one = Server::start(&pool, file(&folders[0])).await.unwrap();
    let copy = || std::fs::copy(keyring_of(folders[0].path()), keyring_of(folders[1].path())).unwrap();
    copy();
    let other = Server::start(&pool, file(&folders[1])).await.unwrap();
    one.listens().await;
    other.listens().await;
    fill(&one, 1).await;

    let refused = one.rotate_with_patience(Duration::from_millis(300)).await.unwrap_err();
    let told = refused.to_string();
    assert!(told.contains("(process ") && told.contains("lacks key 2"), "{told}");
    assert_eq!(values(&pool, &one.keyring).await, BTreeMap::from([(1, 4)]));
    // A server with the old key ring can still start.
    let third = Server::start(&pool, file(&folders[1])).await.unwrap();
    third.stop().await;

    copy();
    let Rotated::Done { key: 2, left: 0, .. } = one.rotate().await.unwrap() else { panic!("not done") };
    assert_eq!(other.keyring.active_key(), 2);
    // From now on no server starts without the new key.
    let without = KeyRing::parse(one.keyring.to_text().expose_secret().as_bytes()).unwrap();
    let without = without.without_key(2, 1).unwrap();
    let value = KeyRingSource::Value(without.to_text());
    let error = Server::start(&pool, value).await.err().unwrap();
    let told = format!("{error:#}");
    assert!(
        told.contains("STACKER_KEY_RING") && told.contains("key 2 (1 in agents.next_token_sealed"),
        "{told}"
    );
    one.stop().await;
    other.stop().await;
}
