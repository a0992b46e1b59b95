//! Reads and checks one input.

use std::{collections::BTreeMap, sync::Arc};

use domain::{
    check::{Basis, Finding, Report, Settings, report, report_files},
    compose::files::{self, File, MOST_FILES},
    stack::{Stack, Values},
};

use super::inputs::{Input, base_of, is_override};
use crate::source::{self, Source};

/// A file and what is reported about it.
pub struct Checked {
    pub source: Source,
    pub report: Report,
    /// The file beside it on top of which it was read.
    pub on_top_of: Option<String>,
    pub is_standard_input: bool,
    /// `None` if the file was merged with others: fixes are about one file.
    pub stack: Option<Stack>,
}

/// What is the same for all inputs.
pub struct Reading<'a> {
    /// The name of standard input.
    pub stdin_name: Option<&'a str>,
    /// The values of `--env-file`, instead of those beside each file.
    pub values: Option<BTreeMap<String, String>>,
}

impl Reading<'_> {
    /// The files of the input, each with its report.
    pub fn look(&self, input: &Input, settings: &Arc<Settings>) -> anyhow::Result<Vec<Checked>> {
        match input.files.as_slice() {
            [file] => self.single(file, settings).map(|checked| vec![checked]),
            files if files.len() > MOST_FILES => anyhow::bail!("more than {MOST_FILES} files are not merged"),
            files => {
                let sources =
                    files.iter().map(|file| self.read(file)).collect::<anyhow::Result<Vec<Source>>>()?;
                Ok(merged(sources, settings))
            }
        }
    }

    fn read(&self, file: &str) -> anyhow::Result<Source> {
        let mut source = source::read_as(file, self.stdin_name)?;
        if let Some(values) = &self.values {
            source.values.clone_from(values);
        }
        Ok(source)
    }

    fn single(&self, file: &str, settings: &Settings) -> anyhow::Result<Checked> {
        let source = self.read(file)?;
        let stack = Stack::read(&source.text).with_values(names_of(&source));
        let report = report(&stack, settings);
        let alone =
            Checked { report, on_top_of: None, is_standard_input: file == "-", stack: Some(stack), source };
        Ok(self.on_its_base(file, &alone, settings).unwrap_or(alone))
    }

    /// The variant of a compose file, read on top of it. `None` if it is complete alone.
    fn on_its_base(&self, file: &str, alone: &Checked, settings: &Settings) -> Option<Checked> {
        let must = is_override(file);
        if file == "-" || !(must || rejections(&alone.report.findings) > 0) {
            return None;
        }
        let base = base_of(file)?;
        let below = self.read(&base).ok()?;
        // On top of nothing, only a part of the rules would look.
        if !Stack::read(&below.text).is_readable() {
            return None;
        }
        let sources = vec![below, alone.source.clone()];
        let last = merged(sources, settings).pop()?;
        let is_better = rejections(&last.report.findings) < rejections(&alone.report.findings);
        (must || is_better).then_some(Checked { on_top_of: Some(base), ..last })
    }
}

/// How often Compose would object.
fn rejections(findings: &[Finding]) -> usize {
    findings.iter().filter(|finding| finding.basis == Basis::Compose).count()
}

fn merged(sources: Vec<Source>, settings: &Settings) -> Vec<Checked> {
    // Compose takes the values beside the first file.
    let values = sources.first().map(names_of).unwrap_or_default();
    let files: Vec<File<'_>> =
        sources.iter().map(|source| File { name: &source.name, text: &source.text }).collect();
    let reports = report_files(&files::read(&files), &values, settings);
    let checked =
        |(source, report)| Checked { source, report, on_top_of: None, is_standard_input: false, stack: None };
    sources.into_iter().zip(reports).map(checked).collect()
}

/// The rules need no values, only to know which variables have one.
pub fn names_of(source: &Source) -> Values {
    Values::stored(source.values.keys().map(|name| (name.clone(), 0)))
}
