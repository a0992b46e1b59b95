//! What every transport depends on: answers, errors, and the parts of a request. REST, agent routes and
//! pages import this module; it imports none of them. It knows no error of a use case either: those arrive as a
//! [`domain::problem::Problem`].

mod answer;
mod audit_file;
mod confirmation;
mod error;
mod event_stream;
mod failures;
mod json_body;
mod nul;
mod origin;
mod page_query;
mod path_id;
mod path_part;
mod precondition;
mod query_of;

pub use answer::Answer;
pub use audit_file::{AuditFileQuery, AuditPartQuery, audit_file};
pub use confirmation::Confirmation;
pub use error::ApiError;
pub use event_stream::{AfterQuery, event_stream, events_after, sse_response};
pub use failures::{BodyFailures, ChangeFailures, Failures};
pub use json_body::{JsonBody, OptionalJsonBody};
pub(crate) use json_body::{in_time, parse_json, unread};
pub use nul::{nul_in_fields, nul_in_json};
pub use origin::Origin;
pub use page_query::{ListMeta, PageQuery};
pub use path_id::PathId;
pub use path_part::PathPart;
pub use precondition::{IfMatch, IfNoneMatch};
pub use query_of::QueryOf;
