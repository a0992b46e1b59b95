//! Runs the programs `console keys`, `console backup` and `console restore` on real clusters.

use std::{
    fs,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::Output,
    sync::Arc,
    time::Duration,
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};
use tokio::process::Command;

use crate::{
    helpers::{TestDatabase, put_key_ring, until},
    processes::{CONSOLE, Running, SERVER, folder, http, program},
};

/// Runs a command that must succeed, and returns its output.
async fn done(command: &mut Command) -> String {
    let (succeeded, said) = output(command).await;
    assert!(succeeded, "{said}");
    said
}

/// Runs a command that must fail with an error, and returns its output.
async fn refused(command: &mut Command) -> String {
    let (succeeded, said) = output(command).await;
    assert!(!succeeded && said.contains("error: "), "{said}");
    said
}

async fn output(command: &mut Command) -> (bool, String) {
    let Output { status, stdout, stderr } = command.output().await.unwrap();
    (status.success(), format!("{}{}", String::from_utf8_lossy(&stdout), String::from_utf8_lossy(&stderr)))
}

/// The console on the data folder in `folder`, with scratch folders in `folder/tmp`.
fn console(folder: &Path, arguments: &[&str]) -> Command {
    let scratch = folder.join("tmp");
    fs::create_dir_all(&scratch).unwrap();
    fs::set_permissions(&scratch, fs::Permissions::from_mode(0o711)).unwrap();
    let mut command = program(CONSOLE, folder);
    command.env("TMPDIR", scratch).args(arguments);
    command
}

fn check(folder: &Path, archive: &Path) -> Command {
    console(folder, &["restore", archive.to_str().unwrap(), "--check"])
}

fn is_empty(folder: &Path) -> bool {
    fs::read_dir(folder).unwrap().next().is_none()
}

/// The same archive with changed members and correct checksums.
fn repacked(folder: &Path, archive: &Path, change: impl FnOnce(&Path)) -> PathBuf {
    let inside = folder.join("repacked");
    fs::create_dir(&inside).unwrap();
    let shell = |command: &str| {
        let mut shell = std::process::Command::new("sh");
        assert!(shell.args(["-ec", command]).current_dir(&inside).status().unwrap().success());
    };
    shell(&format!("tar xf {}", archive.display()));
    change(&inside);
    shell(
        "sha256sum database.dump keyring.json manifest.json > SHA256SUMS
         tar cf ../repacked.tar -b 1 --format=ustar --owner=0 --group=0 --numeric-owner --mode=600 --mtime=@0 \
            database.dump keyring.json manifest.json SHA256SUMS",
    );
    fs::remove_dir_all(&inside).unwrap();
    folder.join("repacked.tar")
}

#[tokio::test]
async fn a_backup_of_a_running_server_is_checked_and_brought_back() {
    let folder = folder();
    let server = Running::start(program(SERVER, folder.path())).await;
    let bearer = done(&mut console(folder.path(), &["token", "new"])).await;
    done(&mut console(folder.path(), &["app-client", "new", "--user-id", "ada"])).await;

    let archive = folder.path().join("backup.tar");
    let backup = || console(folder.path(), &["backup", archive.to_str().unwrap()]);
    let said = done(&mut backup()).await;
    assert!(said.contains("backup.tar: ") && said.contains("keys 1"), "{said}");
    assert_eq!(fs::metadata(&archive).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(refused(&mut backup()).await.contains("already exists"));

    let scratch = folder.path().join("tmp");
    let said = done(&mut check(folder.path(), &archive)).await;
    assert!(said.contains("can be restored") && said.contains("1 sealed values open with keys 1"), "{said}");
    assert!(is_empty(&scratch));

    // A damaged archive is refused, and the error names the damage.
    let whole = fs::read(&archive).unwrap();
    let other = folder.path().join("other.tar");
    let mut flipped = whole.clone();
    flipped[whole.len() / 3] ^= 16;
    for (bytes, expected) in [
        (&whole[..whole.len() / 2], "is incomplete (it ends in database.dump)"),
        (&flipped, "is damaged (in database.dump)"),
        (b"hello".as_slice(), "is not a Stacker backup"),
    ] {
        fs::write(&other, bytes).unwrap();
        let said = refused(&mut check(folder.path(), &other)).await;
        assert!(said.contains(expected) && said.contains("other.tar"), "{said}");
    }
    // A valid key ring, but not the one of this backup.
    let ring = json!({"active": 1, "keys": {"1": STANDARD.encode([9; 32])}}).to_string();
    let swapped = repacked(folder.path(), &archive, |inside| {
        fs::write(inside.join("keyring.json"), &ring).unwrap();
    });
    let said = refused(&mut check(folder.path(), &swapped)).await;
    assert!(said.contains("is not the one that its manifest names"), "{said}");
    let swapped = repacked(folder.path(), &archive, |inside| {
        fs::write(inside.join("keyring.json"), &ring).unwrap();
        let mut manifest: Value =
            serde_json::from_slice(&fs::read(inside.join("manifest.json")).unwrap()).unwrap();
        manifest["keys"]["1"] = "515b2e2fae3d9638".into();
        fs::write(inside.join("manifest.json"), manifest.to_string()).unwrap();
    });
    let said = refused(&mut check(folder.path(), &swapped)).await;
    assert!(said.contains("another key 1"), "{said}");
    assert!(is_empty(&scratch));

    // A restore overwrites nothing.
    let restore = |folder: &Path| console(folder, &["restore", archive.to_str().unwrap()]);
    assert!(refused(&mut restore(folder.path())).await.contains("stop it first"));
    server.signal("-TERM");
    assert!(server.end().await.success());
    assert!(refused(&mut restore(folder.path())).await.contains("is not empty"));

    // Makes a backup into a folder while the server is stopped.
    let backups = folder.path().join("backups");
    fs::create_dir(&backups).unwrap();
    done(&mut console(folder.path(), &["backup", backups.to_str().unwrap()])).await;
    assert_eq!(fs::read_dir(&backups).unwrap().count(), 1);

    let elsewhere = self::folder();
    put_key_ring(elsewhere.path(), [8; 32]);
    let said = refused(&mut restore(elsewhere.path())).await;
    assert!(
        said.contains("has a different key ring than the archive") && said.contains("move it away"),
        "{said}"
    );
    fs::remove_file(elsewhere.path().join("data/keyring")).unwrap();
    let said = done(&mut restore(elsewhere.path())).await;
    assert!(said.contains("is restored") && said.contains("1 sealed values open"), "{said}");
    let again = Running::start(program(SERVER, elsewhere.path())).await;
    let list = http().get(format!("{}/project", again.address())).bearer_auth(bearer.trim());
    assert_eq!(list.send().await.unwrap().status(), 200);
    again.signal("-TERM");
    assert!(again.end().await.success());
}

#[tokio::test]
async fn a_check_that_is_told_to_stop_leaves_nothing_behind() {
    let folder = folder();
    done(&mut console(folder.path(), &["token", "new"])).await;
    let archive = folder.path().join("backup.tar");
    done(&mut console(folder.path(), &["backup", archive.to_str().unwrap()])).await;
    let scratch = folder.path().join("tmp");
    for moment in ["pg.lock", "pg/postmaster.pid"] {
        let mut checking = check(folder.path(), &archive).spawn().unwrap();
        until("the scratch cluster is made", || async {
            fs::read_dir(&scratch).unwrap().flatten().any(|entry| entry.path().join(moment).exists())
        })
        .await;
        let process = checking.id().unwrap().to_string();
        assert!(std::process::Command::new("kill").args(["-TERM", &process]).status().unwrap().success());
        let ended = tokio::time::timeout(Duration::from_secs(60), checking.wait()).await.unwrap().unwrap();
        assert!(!ended.success(), "{moment}");
        assert!(is_empty(&scratch), "{moment}");
    }
}

#[tokio::test]
async fn a_configured_database_is_backed_up_rotated_and_brought_back() {
    let (folder, elsewhere) = (folder(), folder());
    let (database, empty) = (Arc::new(TestDatabase::new().await), Arc::new(TestDatabase::empty().await));
    let on = |folder: &Path, database: &TestDatabase, arguments: &[&str]| {
        let mut command = console(folder, arguments);
        command.envs(database.variables());
        command
    };
    let run = |arguments: &'static [&'static str]| on(folder.path(), &database, arguments);
    done(&mut run(&["app-client", "new", "--user-id", "ada"])).await;
    let said = done(&mut run(&["keys", "rotate"])).await;
    assert!(said.contains("key 2 now seals new values, and 1 values were re-sealed"), "{said}");
    let said = done(&mut run(&["keys", "list"])).await;
    let lines: Vec<&str> = said.lines().collect();
    assert!(lines.len() == 2 && lines[0].contains("0 values  not current"), "{said}");
    assert!(lines[1].starts_with("key 2 ") && lines[1].contains("1 values  current since 20"), "{said}");
    assert!(refused(&mut run(&["keys", "retire", "1"])).await.contains("try again after"));
    assert!(refused(&mut run(&["keys", "retire", "2"])).await.contains("seals new values"));

    let archive = folder.path().join("backup.tar");
    let archive = archive.to_str().unwrap();
    let said = done(&mut on(folder.path(), &database, &["backup", archive])).await;
    assert!(said.contains("keys 1, 2"), "{said}");
    done(&mut run(&["keys", "retire", "1", "--now"])).await;
    let ring = fs::read_to_string(folder.path().join("data/keyring")).unwrap();
    assert!(ring.contains("\"2\": ") && !ring.contains("\"1\": "), "the old key is gone");

    let restore = on(elsewhere.path(), &empty, &["restore", archive]);
    let said = done(&mut { restore }).await;
    assert!(said.contains("1 sealed values open with keys 1, 2"), "{said}");
    let said = done(&mut on(elsewhere.path(), &empty, &["keys", "list"])).await;
    assert!(said.contains("1 values  current since"), "{said}");
}

#[tokio::test]
async fn a_new_ring_for_a_variable_is_printed_and_taken() {
    let folder = folder();
    let database = TestDatabase::new().await;
    let ring = done(&mut console(folder.path(), &["keys", "new"])).await;
    let with = |ring: &str, arguments: &[&str]| {
        let mut command = console(folder.path(), arguments);
        command.envs(database.variables()).env("STACKER_KEY_RING", ring.trim());
        command
    };
    done(&mut with(&ring, &["app-client", "new", "--user-id", "ada"])).await;
    assert!(!folder.path().join("data/keyring").exists());
    let Output { stdout, stderr, .. } = with(&ring, &["keys", "rotate"]).output().await.unwrap();
    let (more, said) = (String::from_utf8(stdout).unwrap(), String::from_utf8_lossy(&stderr).into_owned());
    assert!(said.contains("restart them one after the other") && more.contains("\"2\": "), "{said}");
    let said = done(&mut with(&more, &["keys", "rotate"])).await;
    assert!(said.contains("1 values were re-sealed"), "{said}");
    let said = refused(&mut with(&ring, &["keys", "rotate"])).await;
    assert!(said.contains("key 2 (1 in client.secret)") && said.contains("STACKER_KEY_RING"), "{said}");
}
