//! Log lines as CSV (RFC 4180), safe to open in a spreadsheet.

use chrono::SecondsFormat;

use super::AuditLine;

pub const CSV_HEAD: &str =
    "id,at,user_id,client_id,agent_id,address,action,outcome,owner_id,deployment_hash,details\r\n";

/// One line of the file, including its line break.
pub fn csv_line(line: &AuditLine) -> String {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let cells = [
        line.id.to_string(),
        line.at.to_rfc3339_opts(SecondsFormat::Millis, true),
        text(&line.user_id),
        line.client_id.map(|id| id.to_string()).unwrap_or_default(),
        line.agent_id.map(|id| id.to_string()).unwrap_or_default(),
        text(&line.address),
        line.action.clone(),
        line.outcome.as_str().to_owned(),
        text(&line.owner_id),
        text(&line.deployment_hash),
        line.details.to_string(),
    ];
    cells.map(|text| cell(&text)).join(",") + "\r\n"
}

/// A cell, quoted if necessary. A spreadsheet would run a cell that begins with one of these characters as a formula;
/// a leading apostrophe makes it text.
fn cell(text: &str) -> String {
    let is_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    let apostrophe = if is_formula { "'" } else { "" };
    if is_formula || text.contains([',', '"', '\r', '\n', ';', '\t']) {
        format!("\"{apostrophe}{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use serde_json::json;

    use super::*;
    use crate::audit::AuditOutcome;

    #[test]
    fn a_spreadsheet_runs_nothing_that_somebody_wrote() {
        for (text, written) in [
            ("plain", "plain"),
            ("=HYPERLINK(\"http://evil\")", "\"'=HYPERLINK(\"\"http://evil\"\")\""),
            ("+1", "\"'+1\""),
            ("-1", "\"'-1\""),
            ("@SUM(A1)", "\"'@SUM(A1)\""),
            ("\t=1", "\"'\t=1\""),
            ("\r=1", "\"'\r=1\""),
            ("a,b", "\"a,b\""),
            ("two\nlines", "\"two\nlines\""),
        ] {
            assert_eq!(cell(text), written);
        }
    }

    #[test]
    fn a_line_has_as_many_cells_as_the_head() {
        let line = AuditLine {
            id: 7,
            at: DateTime::UNIX_EPOCH,
            user_id: Some("=ada".to_owned()),
            client_id: None,
            agent_id: None,
            address: Some("::1".to_owned()),
            action: "client.deleted".to_owned(),
            outcome: AuditOutcome::Success,
            owner_id: None,
            deployment_hash: None,
            details: json!({"name": "x"}),
        };
        let written = csv_line(&line);
        assert_eq!(
            written,
            "7,1970-01-01T00:00:00.000Z,\"'=ada\",,,::1,client.deleted,success,,,\"{\"\"name\"\":\"\"x\"\"}\"\r\n"
        );
        assert_eq!(CSV_HEAD.matches(',').count(), 10);
    }
}
