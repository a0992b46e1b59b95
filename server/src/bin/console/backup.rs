//! `console backup` and `console restore`: database and key ring together.

use std::path::Path;

use anyhow::Context as _;
use server::shutdown::Shutdown;
use stacker::{
    backup::{Restored, check, restore, take},
    context::Context,
    db::PendingMigrations,
    services::KeyRingSource,
};

use crate::{beside_the_server, with_settings};

pub fn backup(target: &Path) -> anyhow::Result<String> {
    // Pending migrations are not applied, because a backup is what an operator takes before an update.
    beside_the_server(PendingMigrations::Leave, async |settings, database| {
        let stop = Shutdown::on_signals().context("listening for signals")?.stop;
        let source = KeyRingSource::of(settings)?;
        let context = Context::of_the_machine();
        let taken = take(settings, &database.pool, &source, &context, target, &stop).await?;
        let rows: i64 = taken.manifest.tables.values().sum();
        Ok(format!(
            "{}: {} bytes, {} tables with {rows} rows, keys {}. It contains the key ring: anyone who has this file can read the secrets",
            taken.path.display(),
            taken.bytes,
            taken.manifest.tables.len(),
            numbers(taken.manifest.keys.keys()),
        ))
    })
}

pub fn restore_or_check(archive: &Path, checks: bool) -> anyhow::Result<String> {
    with_settings(async |settings| {
        let stop = Shutdown::on_signals().context("listening for signals")?.stop;
        let context = Context::of_the_machine();
        if checks {
            return Ok(told("can be restored", &check(archive, &context, &stop).await?));
        }
        let source = KeyRingSource::of(settings)?;
        Ok(told("is restored", &restore(settings, &source, &context, archive, &stop).await?))
    })
}

fn told(what: &str, restored: &Restored) -> String {
    let Restored { manifest, bytes, verified } = restored;
    let rows: i64 = manifest.tables.values().sum();
    let given_up = match verified.given_up {
        0 => String::new(),
        lost => format!(", {lost} of forgotten keys do not"),
    };
    format!(
        "the backup of {} by Stacker {} ({bytes} bytes) {what}: {} tables with {rows} rows, {} migrations; {} sealed values \
         open with keys {}{given_up}",
        manifest.created_at.format("%Y-%m-%d %H:%M:%S UTC"),
        manifest.stacker,
        manifest.tables.len(),
        manifest.migrations.len(),
        verified.opened,
        numbers(manifest.keys.keys()),
    )
}

fn numbers<'k>(keys: impl Iterator<Item = &'k u32>) -> String {
    keys.map(u32::to_string).collect::<Vec<_>>().join(", ")
}
