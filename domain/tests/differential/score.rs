//! How often Compose and we agree, per kind of file.

use std::{collections::BTreeMap, fmt};

use crate::{
    files::File,
    opinion::{Outcome, Verdict},
};

#[derive(Default)]
struct Count {
    files: usize,
    agreed: usize,
    accepted: usize,
    compared: usize,
    same: usize,
}

#[derive(Default)]
pub struct Score {
    kinds: BTreeMap<String, Count>,
    missing: Vec<String>,
    disagreed: Vec<String>,
}

impl Score {
    pub fn add(&mut self, File { kind, name, .. }: &File, outcome: Outcome) {
        let count = self.kinds.entry(kind.clone()).or_default();
        count.files += 1;
        count.accepted += usize::from(outcome.accepted);
        match outcome.verdict {
            Verdict::Agreed => count.agreed += 1,
            Verdict::Missing(what, reason) => {
                count.agreed += 1;
                self.missing.push(format!("{what}: {name}: {reason}"));
            }
            Verdict::Disagreed(story) => self.disagreed.push(format!("{kind}: {name}: {story}")),
        }
        if let Some(meaning) = outcome.meaning {
            count.compared += 1;
            match meaning {
                Ok(()) => count.same += 1,
                Err(story) => self.disagreed.push(format!("{kind}: {name}: {story}")),
            }
        }
    }

    pub fn is_perfect(&self) -> bool {
        self.disagreed.is_empty()
    }

    pub fn disagreements(&self) -> String {
        self.disagreed.join("\n")
    }
}

impl fmt::Display for Score {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(to, "{:28} {:>12} {:>12} {:>9}", "kind", "same verdict", "same meaning", "accepted")?;
        for (kind, count) in &self.kinds {
            let verdicts = format!("{}/{}", count.agreed, count.files);
            let meanings = format!("{}/{}", count.same, count.compared);
            writeln!(to, "{kind:28} {verdicts:>12} {meanings:>12} {:>9}", count.accepted)?;
        }
        let mut missing = self.missing.clone();
        missing.sort();
        writeln!(to, "rejected for what is not here ({}):", missing.len())?;
        missing.iter().try_for_each(|line| writeln!(to, "  {line}"))
    }
}
