//! The progress of a command as steps with their durations. Pure.

use chrono::{DateTime, Utc};
use domain::{api::ProgressLine, command::code::STEP_RETURN};

/// Consecutive progress lines of the same step.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    pub name: String,
    pub began: DateTime<Utc>,
    /// When the next step began; `None` for the last one.
    pub ended: Option<DateTime<Utc>>,
    pub last_line: String,
    /// Whether the step failed and the agent then returned to the last good revision.
    pub led_back: bool,
}

/// Groups consecutive lines of the same step.
pub fn steps(lines: &[ProgressLine]) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    for line in lines {
        match steps.last_mut() {
            Some(step) if step.name == line.step => step.last_line.clone_from(&line.message),
            last => {
                if let Some(step) = last {
                    step.ended = Some(line.at);
                    step.led_back = line.step == STEP_RETURN;
                }
                steps.push(Step {
                    name: line.step.clone(),
                    began: line.at,
                    ended: None,
                    last_line: line.message.clone(),
                    led_back: false,
                });
            }
        }
    }
    steps
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000 + second, 0).unwrap()
    }

    fn line(seq: i32, step: &str, second: i64) -> ProgressLine {
        ProgressLine { seq, step: step.to_owned(), message: format!("{step} {seq}"), at: at(second) }
    }

    #[test]
    fn steps_keep_how_long_they_took() {
        let all = steps(&[line(1, "pull", 0), line(2, "pull", 5), line(3, "start", 6)]);
        assert_eq!(all.len(), 2);
        assert_eq!((all[0].began, all[0].ended, all[0].last_line.as_str()), (at(0), Some(at(6)), "pull 2"));
        assert_eq!(all[1].ended, None);
        let back = steps(&[line(1, "up", 0), line(2, "wait", 5), line(3, "return", 6), line(4, "done", 7)]);
        assert_eq!(back.iter().map(|step| step.led_back).collect::<Vec<_>>(), [false, true, false, false]);
    }
}
