//! Keys that a server misses at its start, keys that are given up, and keys that disappear while it runs.

use secrecy::ExposeSecret as _;
use sqlx::PgPool;
use stacker::{
    context::SystemRandom,
    crypto::KeyRing,
    db::{Pool, SEALED_COLUMNS},
    services::{KeyRefresh, Rotated, forget_key, open_everything},
};

use super::server::{Server, file, fill, keyring_of};

#[sqlx::test(migrations = "../migrations")]
async fn a_key_that_some_value_needs_is_missed_at_the_start(pool: PgPool) {
    let pool = Pool::from(&pool);
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(&pool, file(&folder)).await.unwrap();
    let lost = KeyRing::generate(&SystemRandom).with_new_key(9, &SystemRandom);
    let client = server.client().await;
    let place = SEALED_COLUMNS.iter().find(|column| column.table == "client").unwrap();
    let row = client.id.to_string();
    let sealed = lost.seal_with(9, &SystemRandom, b"x", place.place(&row)).unwrap();
    sqlx::query("update client set secret = $1").bind(sealed).execute(&pool).await.unwrap();

    let error = Server::start(&pool, file(&folder)).await.err().unwrap();
    let told = format!("{error:#}");
    assert!(told.contains("key 9 (1 in client.secret)") && told.contains("keyring"), "{told}");

    // A missing key ring is not replaced by a new one.
    std::fs::rename(keyring_of(folder.path()), folder.path().join("aside")).unwrap();
    let error = Server::start(&pool, file(&folder)).await.err().unwrap();
    assert!(format!("{error:#}").contains("console keys forget 1"), "{error:#}");
    assert!(!keyring_of(folder.path()).exists());
    server.stop().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn what_a_lost_key_has_sealed_is_given_up_and_does_not_stand_in_the_way(pool: PgPool) {
    let pool = Pool::from(&pool);
    let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let first = Server::start(&pool, file(&folders[0])).await.unwrap();
    fill(&first, 2).await;
    assert!(forget_key(&pool, first.services.context(), 1).await.unwrap());
    assert!(!forget_key(&pool, first.services.context(), 1).await.unwrap());
    first.stop().await;

    let second = Server::start(&pool, file(&folders[1])).await.unwrap();
    second.listens().await;
    let client = second.client().await;
    let Rotated::Done { key: 2, resealed: 1, unreadable, left: 8, .. } = second.rotate().await.unwrap()
    else {
        panic!("not done")
    };
    assert_eq!(unreadable.len(), 8);
    let Rotated::Done { key: 3, .. } = second.rotate().await.unwrap() else { panic!("no third key") };
    assert!(second.is_believed(client.id, &client.secret.unwrap()).await);
    let verified = open_everything(&pool, &second.keyring).await.unwrap();
    assert_eq!((verified.opened, verified.given_up, verified.failed), (1, 8, 0));
    second.stop().await;
}

/// If the source is unavailable or has lost a key, a running server keeps its keys.
#[sqlx::test(migrations = "../migrations")]
async fn a_server_keeps_the_keys_that_values_need(pool: PgPool) {
    let pool = Pool::from(&pool);
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(&pool, file(&folder)).await.unwrap();
    server.listens().await;
    let client = server.client().await;
    let context = server.services.context().clone();
    let refresh = KeyRefresh::new(server.source.clone(), &context);
    let path = keyring_of(folder.path());
    for replacement in [
        None,
        Some("hunter2".to_owned()),
        Some(KeyRing::generate(&SystemRandom).to_text().expose_secret().to_owned()),
    ] {
        match replacement {
            None => std::fs::remove_file(&path).unwrap(),
            Some(text) => std::fs::write(&path, text).unwrap(),
        }
        if path.exists() {
            std::fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
        }
        refresh.run(&pool, &server.keyring, &context).await.unwrap();
        assert!(server.is_believed(client.id, client.secret.as_deref().unwrap()).await);
    }
    server.stop().await;
}
