//! All columns that hold values sealed by the key ring. A new column needs a line in [`SEALED_COLUMNS`]; tests compare the list
//! with the schema and with the places that the code seals for, so that a rotation misses no column.
//!
//! A sealed value begins with its format (one byte) and the number of its key (four bytes): see [`crate::crypto`].

use anyhow::Context as _;
use sqlx::{AssertSqlSafe, PgConnection};

use crate::{crypto::SealedColumn, db::Pool};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StoredColumn {
    pub table: &'static str,
    pub column: &'static str,
    /// The column that identifies the row in the associated data: unique, and never changed.
    row: &'static str,
    row_type: &'static str,
}

/// The proof of a key is not listed: it always stays sealed by that key.
pub const SEALED_COLUMNS: [StoredColumn; 10] = [
    StoredColumn { table: "agents", column: "next_token_sealed", row: "id", row_type: "uuid" },
    StoredColumn {
        table: "callback_subscription",
        column: "previous_secret_sealed",
        row: "id",
        row_type: "uuid",
    },
    StoredColumn { table: "callback_subscription", column: "secret_sealed", row: "id", row_type: "uuid" },
    StoredColumn { table: "client", column: "secret", row: "id", row_type: "integer" },
    StoredColumn { table: "cloud", column: "secrets_sealed", row: "id", row_type: "integer" },
    StoredColumn {
        table: "deployment_revision",
        column: "values_sealed",
        row: "values_id",
        row_type: "uuid",
    },
    StoredColumn { table: "outbox", column: "payload_sealed", row: "id", row_type: "uuid" },
    StoredColumn { table: "project", column: "values_sealed", row: "id", row_type: "integer" },
    StoredColumn { table: "registry_credential", column: "password_sealed", row: "id", row_type: "integer" },
    StoredColumn { table: "session", column: "provider_tokens", row: "id", row_type: "uuid" },
];

impl StoredColumn {
    pub fn place(self, row: &str) -> SealedColumn<'_> {
        SealedColumn { table: self.table, column: self.column, row }
    }

    /// `table.column`
    pub fn name(self) -> String {
        format!("{}.{}", self.table, self.column)
    }
}

/// How many values of a column a key has sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Usage {
    pub column: StoredColumn,
    /// `None`: the values are truncated or have an unknown format.
    pub key: Option<u32>,
    pub count: i64,
}

pub struct SealedRow {
    pub row: String,
    pub sealed: Vec<u8>,
}

/// A value under a new key, which replaces exactly the value it was made from.
pub struct Resealed {
    pub row: String,
    pub before: Vec<u8>,
    pub after: Vec<u8>,
}

/// Reads each table once.
pub async fn usage(connection: &mut PgConnection) -> anyhow::Result<Vec<Usage>> {
    let mut used = Vec::new();
    for stored in SEALED_COLUMNS {
        let StoredColumn { table, column, .. } = stored;
        let question = format!(
            "select substring({column} from 1 for 5), count(*) from {table} where {column} is not null group by 1 order by 1"
        );
        let rows: Vec<(Vec<u8>, i64)> = sqlx::query_as(AssertSqlSafe(question))
            .fetch_all(&mut *connection)
            .await
            .with_context(|| format!("asking which keys have sealed {table}.{column}"))?;
        used.extend(rows.into_iter().map(|(head, count)| Usage {
            column: stored,
            key: key_of(&head),
            count,
        }));
    }
    Ok(used)
}

/// The number of the key, from the first bytes of a sealed value.
fn key_of(head: &[u8]) -> Option<u32> {
    let (format, key) = head.split_first()?;
    let key = <[u8; 4]>::try_from(key).ok()?;
    (*format == 1).then(|| u32::from_be_bytes(key))
}

/// The next rows after the id `after`, in the order of ids; `other_than`: skips values sealed by this key.
pub async fn next(
    pool: &Pool,
    stored: StoredColumn,
    after: Option<&str>,
    other_than: Option<u32>,
    limit: i64,
) -> anyhow::Result<Vec<SealedRow>> {
    let StoredColumn { table, column, row, row_type } = stored;
    let question = format!(
        "select t.{row}::text, t.{column} from {table} t
         where t.{column} is not null
            and ($1::text is null or t.{row} > $1::text::{row_type})
            and ($2::bytea is null or substring(t.{column} from 2 for 4) is distinct from $2)
         order by t.{row} limit $3"
    );
    let rows: Vec<(String, Vec<u8>)> = sqlx::query_as(AssertSqlSafe(question))
        .bind(after)
        .bind(other_than.map(|key| key.to_be_bytes().to_vec()))
        .bind(limit)
        .fetch_all(pool)
        .await
        .with_context(|| format!("reading {table}.{column}"))?;
    Ok(rows.into_iter().map(|(row, sealed)| SealedRow { row, sealed }).collect())
}

/// Returns the number of replaced values. A value that changed meanwhile is skipped, because it is already sealed by the new key.
pub async fn replace(pool: &Pool, stored: StoredColumn, resealed: &[Resealed]) -> anyhow::Result<u64> {
    let StoredColumn { table, column, row, row_type } = stored;
    let statement = format!(
        "update {table} t set {column} = n.after
         from unnest($1::text[], $2::bytea[], $3::bytea[]) as n(row_id, before, after)
         where t.{row} = n.row_id::{row_type} and t.{column} = n.before"
    );
    let rows: Vec<&str> = resealed.iter().map(|value| value.row.as_str()).collect();
    let before: Vec<&[u8]> = resealed.iter().map(|value| value.before.as_slice()).collect();
    let after: Vec<&[u8]> = resealed.iter().map(|value| value.after.as_slice()).collect();
    let replaced = sqlx::query(AssertSqlSafe(statement))
        .bind(rows)
        .bind(before)
        .bind(after)
        .execute(pool)
        .await
        .with_context(|| format!("re-sealing {table}.{column}"))?;
    Ok(replaced.rows_affected())
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, fs, path::Path};

    use crate::db::sealing::sealed_columns::*;

    /// Sealed but not rotated: the proof of a key, which always stays sealed by that key, and cookies that live for minutes.
    const NOT_STORED: [(&str, &str); 2] = [("sealing_key", "proof"), ("cookie", "sign_in")];

    #[test]
    fn every_place_that_the_code_seals_for_is_listed() {
        let mut places = BTreeSet::new();
        for folder in ["src", "../server/src"] {
            places_in(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), &mut places);
        }
        let listed: BTreeSet<(String, String)> = SEALED_COLUMNS
            .iter()
            .map(|stored| (stored.table, stored.column))
            .chain(NOT_STORED)
            .map(|(table, column)| (table.to_owned(), column.to_owned()))
            .collect();
        assert_eq!(places, listed, "left: in the code; right: in SEALED_COLUMNS");
    }

    /// Finds `SealedColumn { table: "…", column: "…"` in code outside of tests.
    fn places_in(folder: &Path, places: &mut BTreeSet<(String, String)>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                places_in(&path, places);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                let code = text.split("#[cfg(test)]").next().unwrap();
                for place in code.split("SealedColumn {").skip(1) {
                    let literal = |name: &str| {
                        let value = place.split_once('}')?.0.split_once(&format!("{name}: \""))?.1;
                        Some(value.split_once('"')?.0.to_owned())
                    };
                    places.extend(literal("table").zip(literal("column")));
                }
            }
        }
    }

    #[test]
    fn the_head_of_a_value_names_its_key() {
        assert_eq!(key_of(&[1, 0, 0, 1, 2]), Some(258));
        assert_eq!(key_of(&[2, 0, 0, 1, 2]), None);
        assert_eq!(key_of(&[1, 0]), None);
        assert_eq!(key_of(&[]), None);
    }
}
