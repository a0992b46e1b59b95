//! Queries of the audit log.

use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};
use serde::{Deserialize, Serialize};

use super::AuditOutcome;
use crate::api::FieldError;

const MAX_CHARACTERS: usize = 255;

/// A query as in a URL: `?action=client&outcome=refused&from=2026-11-01`. Empty fields do not filter.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams), into_params(parameter_in = Query))]
#[serde(default)]
pub struct AuditQuery {
    /// Done by this user.
    #[cfg_attr(feature = "openapi", param(required = false))]
    pub user: String,
    /// An action, `client.deleted`, or all of an area, `client`.
    #[cfg_attr(feature = "openapi", param(required = false))]
    pub action: String,
    /// `success`, `failed` or `refused`.
    #[cfg_attr(feature = "openapi", param(required = false))]
    pub outcome: String,
    /// From this moment on, `2026-11-28T12:00:00Z`, or from the beginning of this day in UTC, `2026-11-28`.
    #[cfg_attr(feature = "openapi", param(required = false))]
    pub from: String,
    /// Before this moment, or to the end of this day in UTC.
    #[cfg_attr(feature = "openapi", param(required = false))]
    pub to: String,
    /// Somewhere in the line: a name, an address, the hash of a deployment.
    #[cfg_attr(feature = "openapi", param(required = false))]
    pub text: String,
}

/// The parsed query.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditFilter {
    pub user: Option<String>,
    pub action: Option<String>,
    pub outcome: Option<AuditOutcome>,
    pub from: Option<DateTime<Utc>>,
    /// The end of the period, which is excluded.
    pub to: Option<DateTime<Utc>>,
    pub text: Option<String>,
}

impl AuditQuery {
    /// Parses the query. Reports all errors at once.
    pub fn understood(&self) -> Result<AuditFilter, Vec<FieldError>> {
        let mut errors = Vec::new();
        let mut wrong = |field: &str, message: &str| {
            errors.push(FieldError { field: field.to_owned(), message: message.to_owned() });
        };
        let outcome = given(&self.outcome).and_then(|word| {
            let outcome = AuditOutcome::named(word);
            if outcome.is_none() {
                wrong("outcome", "is none of success, failed, refused");
            }
            outcome
        });
        let mut time = |field, text, end| {
            let time = given(text).map(|text| moment(text, end));
            if time == Some(None) {
                wrong(field, "is no time: write 2026-11-28T12:00:00Z, or a day in UTC, 2026-11-28");
            }
            time.flatten()
        };
        let (from, to) = (time("from", &self.from, DayMeans::Begin), time("to", &self.to, DayMeans::End));
        if from.zip(to).is_some_and(|(from, to)| from > to) {
            wrong("to", "is before `from`");
        }
        for (field, text) in [("user", &self.user), ("action", &self.action), ("text", &self.text)] {
            if text.chars().count() > MAX_CHARACTERS {
                wrong(field, "is at most 255 characters");
            }
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        let own = |text: &str| given(text).map(str::to_owned);
        let (user, action, text) = (own(&self.user), own(&self.action), own(&self.text));
        Ok(AuditFilter { user, action, outcome, from, to, text })
    }

    /// The name and value of each filter, for a URL.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        [
            ("user", self.user.as_str()),
            ("action", self.action.as_str()),
            ("outcome", self.outcome.as_str()),
            ("from", self.from.as_str()),
            ("to", self.to.as_str()),
            ("text", self.text.as_str()),
        ]
        .into_iter()
        .filter_map(|(name, value)| Some((name, given(value)?)))
    }

    pub fn is_empty(&self) -> bool {
        self.pairs().next().is_none()
    }
}

fn given(text: &str) -> Option<&str> {
    Some(text.trim()).filter(|text| !text.is_empty())
}

#[derive(Clone, Copy)]
enum DayMeans {
    Begin,
    End,
}

fn moment(text: &str, day: DayMeans) -> Option<DateTime<Utc>> {
    if let Ok(moment) = DateTime::parse_from_rfc3339(text) {
        return Some(moment.to_utc()).filter(is_storable);
    }
    let date: NaiveDate = text.parse().ok()?;
    let date = match day {
        DayMeans::Begin => date,
        DayMeans::End => date.checked_add_days(Days::new(1))?,
    };
    Some(date.and_time(NaiveTime::MIN).and_utc()).filter(is_storable)
}

/// Whether the moment is in a range that the database can store.
fn is_storable(moment: &DateTime<Utc>) -> bool {
    (0..4_102_444_800_000_000).contains(&moment.timestamp_micros())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(pairs: &[(&str, &str)]) -> AuditQuery {
        let object = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).into()));
        serde_json::from_value(serde_json::Value::Object(object.collect())).unwrap()
    }

    #[test]
    fn what_is_empty_is_not_asked_for() {
        let query = of(&[("user", " "), ("outcome", "")]);
        assert_eq!(query.understood(), Ok(AuditFilter::default()));
        assert!(query.is_empty() && !of(&[("text", "x")]).is_empty());
    }

    #[test]
    fn a_day_is_meant_whole() {
        let filter = of(&[("from", "2026-11-28"), ("to", "2026-11-28")]).understood().unwrap();
        assert_eq!(filter.from.unwrap().to_rfc3339(), "2026-11-28T00:00:00+00:00");
        assert_eq!(filter.to.unwrap().to_rfc3339(), "2026-11-29T00:00:00+00:00");
        let filter = of(&[("to", "2026-11-28T13:00:00+01:00")]).understood().unwrap();
        assert_eq!(filter.to.unwrap().to_rfc3339(), "2026-11-28T12:00:00+00:00");
    }

    #[test]
    fn all_that_is_wrong_is_said_at_once() {
        let long = "x".repeat(256);
        let query =
            of(&[("outcome", "good"), ("from", "yesterday"), ("to", "+262142-01-01"), ("text", &long)]);
        let fields: Vec<String> =
            query.understood().unwrap_err().into_iter().map(|wrong| wrong.field).collect();
        assert_eq!(fields, ["outcome", "from", "to", "text"]);
        let turned = of(&[("from", "2026-11-28"), ("to", "2026-11-01")]).understood().unwrap_err();
        assert_eq!(turned[0].field, "to");
    }
}
