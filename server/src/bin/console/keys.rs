//! `console keys`: the keys that seal secrets in the database.

use anyhow::bail;
use clap::Subcommand;
use secrecy::{ExposeSecret as _, SecretString};
use stacker::{
    config::Settings,
    context::Context,
    crypto::KeyRing,
    database::Database,
    db::PendingMigrations,
    services::{
        KeyRingSource, ListedKey, Retired, Rotated, Rotation, forget_key, list_keys, open_key_ring,
        retire_key,
    },
};

use crate::{beside_the_server, say};

#[derive(Subcommand)]
pub enum KeysCommand {
    /// List the keys, which one seals new values, and how many values each has sealed; never prints a key
    List,
    /// Print a new key ring with one key, for `key_ring.value`. Keep it secret; nothing is changed
    New,
    /// Re-seal everything with a new key while servers run; if interrupted, run it again
    Rotate,
    /// Remove a key that no longer seals anything
    Retire {
        /// Its number
        key: u32,
        /// Do not wait for sign-ins in progress
        #[arg(long)]
        now: bool,
    },
    /// Let servers start although a key is lost; values sealed with it stay unreadable
    Forget {
        /// Its number, as in the error message
        key: u32,
    },
}

pub fn run(command: KeysCommand) -> anyhow::Result<String> {
    let context = Context::of_the_machine();
    if let KeysCommand::New = command {
        return Ok(ring(&KeyRing::generate(context.random.as_ref()).to_text()));
    }
    beside_the_server(PendingMigrations::Apply, async |settings, database| match command {
        KeysCommand::List => list(settings, database).await,
        KeysCommand::New => bail!("answered above"),
        KeysCommand::Rotate => rotate(settings, database, &context).await,
        KeysCommand::Retire { key, now } => retire(settings, database, &context, (key, now)).await,
        KeysCommand::Forget { key } => forget(database, &context, key).await,
    })
}

async fn list(settings: &Settings, database: &Database) -> anyhow::Result<String> {
    let source = KeyRingSource::of(settings)?;
    let Some(keyring) = source.find().await? else { bail!("{} does not exist", source.place()) };
    let listed = list_keys(&database.pool, &keyring).await?;
    Ok(listed.iter().map(line).collect::<Vec<_>>().join("\n"))
}

fn line(key: &ListedKey) -> String {
    let fingerprint = key.fingerprint.as_deref().unwrap_or("NOT IN THE RING ");
    let state = match (key.current_since, key.forgotten_at) {
        (Some(since), _) => format!("current since {}", since.format("%Y-%m-%d %H:%M UTC")),
        (None, Some(at)) => format!("forgotten {}", at.format("%Y-%m-%d %H:%M UTC")),
        (None, None) => "not current".to_owned(),
    };
    format!("key {:<4} {fingerprint}  {:>8} values  {state}", key.id, key.values)
}

async fn rotate(settings: &Settings, database: &Database, context: &Context) -> anyhow::Result<String> {
    let source = KeyRingSource::of(settings)?;
    let keyring = open_key_ring(&database.pool, &source, context, None).await?;
    let (pool, source, keyring) = (&database.pool, &source, keyring.as_ref());
    let rotation = Rotation { pool, source, keyring, context, tell: &say, patience: Rotation::PATIENCE };
    let rotated = rotation.run().await?;
    match rotated {
        Rotated::PutThere { key, ring: text } => {
            say(&format!(
                "key {key} is not in {} yet. Set it to what is printed on stdout (it is secret) for every server and for \
                 this console, restart them one after the other, then run `console keys rotate` again",
                source.place()
            ));
            Ok(ring(&text))
        }
        Rotated::Done { key, resealed, unreadable, left, was_finished } => {
            for place in &unreadable {
                say(&format!("cannot be opened, and stays as it is: {place}"));
            }
            if left > i64::try_from(unreadable.len())? {
                say(&format!(
                    "{left} values are still sealed with older keys: run `console keys rotate` again"
                ));
            }
            let what = if was_finished { "finished: " } else { "" };
            Ok(format!(
                "{what}key {key} now seals new values, and {resealed} values were re-sealed. Older keys stay in the ring until \
                 `console keys retire`"
            ))
        }
    }
}

async fn retire(
    settings: &Settings,
    database: &Database,
    context: &Context,
    which: (u32, bool),
) -> anyhow::Result<String> {
    let source = KeyRingSource::of(settings)?;
    let keyring = open_key_ring(&database.pool, &source, context, None).await?;
    match retire_key(&database.pool, &source, &keyring, context, which).await? {
        Retired::Done => Ok(format!("key {} is removed; older backups still need it", which.0)),
        Retired::PutThere(text) => {
            say(&format!(
                "key {} is no longer needed. Set {} to the output on stdout (it is secret) on every server",
                which.0,
                source.place()
            ));
            Ok(ring(&text))
        }
    }
}

async fn forget(database: &Database, context: &Context, key: u32) -> anyhow::Result<String> {
    if !forget_key(&database.pool, context, key).await? {
        bail!("nothing in this database is sealed with a key {key}");
    }
    Ok(format!("key {key} is forgotten: the next server that starts adds its own"))
}

fn ring(text: &SecretString) -> String {
    text.expose_secret().trim_end().to_owned()
}
