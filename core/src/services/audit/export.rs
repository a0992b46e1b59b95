//! The audit log as a file, newest line first. It is read in parts while it is sent, so that memory use does not grow with it.

use domain::{
    access::Caller,
    audit::{AuditFilter, AuditLine, AuditQuery, CSV_HEAD, csv_line},
};

use super::{AuditError, AuditLog, AuditPart, MAX_PAGE, Sees, seen_by, understood};

/// The most lines of one file. A client that needs more continues with `after` or with an earlier `to`.
const MAX_LINES: u32 = 100_000;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ExportFormat {
    #[default]
    Csv,
    /// One JSON array.
    Json,
}

/// An export in progress.
#[derive(Debug)]
pub struct AuditExport {
    log: AuditLog,
    sees: Sees,
    filter: AuditFilter,
    format: ExportFormat,
    after: Option<i64>,
    left: u32,
    has_begun: bool,
    has_ended: bool,
}

impl AuditLog {
    /// Starts an export. A wrong query is reported before the file begins.
    pub fn export(
        &self,
        caller: &Caller,
        query: &AuditQuery,
        format: ExportFormat,
        part: AuditPart,
    ) -> Result<AuditExport, AuditError> {
        Ok(AuditExport {
            log: self.clone(),
            sees: seen_by(caller)?,
            filter: understood(query)?,
            format,
            after: part.after,
            left: part.limit.unwrap_or(MAX_LINES).clamp(1, MAX_LINES),
            has_begun: false,
            has_ended: false,
        })
    }
}

impl AuditExport {
    /// The next piece of the file; `None` at its end.
    pub async fn next(&mut self) -> Result<Option<String>, AuditError> {
        if self.has_ended {
            return Ok(None);
        }
        let part = AuditPart { limit: Some(self.left.min(MAX_PAGE)), after: self.after };
        let read = self.log.part_of(&self.sees, &self.filter, part).await?;
        self.left = self.left.saturating_sub(u32::try_from(read.lines.len()).unwrap_or(u32::MAX));
        self.after = read.next;
        self.has_ended = self.after.is_none() || self.left == 0;
        let text = match self.format {
            ExportFormat::Csv => self.as_csv(&read.lines),
            ExportFormat::Json => self.as_json(&read.lines)?,
        };
        self.has_begun = true;
        Ok(Some(text))
    }

    fn as_csv(&self, lines: &[AuditLine]) -> String {
        let mut text = if self.has_begun { String::new() } else { CSV_HEAD.to_owned() };
        text.extend(lines.iter().map(csv_line));
        text
    }

    fn as_json(&self, lines: &[AuditLine]) -> Result<String, AuditError> {
        let mut text = if self.has_begun { String::new() } else { "[".to_owned() };
        for (at, line) in lines.iter().enumerate() {
            if at > 0 || self.has_begun {
                text.push(',');
            }
            text.push('\n');
            text.push_str(&serde_json::to_string(line).map_err(anyhow::Error::from)?);
        }
        if self.has_ended {
            text.push_str("\n]\n");
        }
        Ok(text)
    }
}
