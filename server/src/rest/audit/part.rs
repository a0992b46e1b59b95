//! `?limit=&after=` of the log, whose lines are counted further than other things, and `meta.next` of its answers.

use serde::{Deserialize, Serialize};
use stacker::services::AuditPart;

#[derive(Clone, Copy, Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PartQuery {
    /// How many: of a list 100 where it is not said, 1000 at most; of a file 100000, which is also what it has where it is not
    /// said.
    #[param(minimum = 1)]
    limit: Option<u32>,
    /// Lines older than the one with this id: `meta.next` of the page before.
    after: Option<i64>,
}

impl From<PartQuery> for AuditPart {
    fn from(query: PartQuery) -> Self {
        Self { limit: query.limit, after: query.after }
    }
}

/// Only there when there is a next page.
#[derive(Clone, Copy, Debug, Serialize, utoipa::ToSchema)]
pub struct AuditMeta {
    /// Send it as `after`.
    pub next: i64,
}
