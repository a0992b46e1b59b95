//! The settings of each file: `.stacker.yaml` in its folder or above, and what the command line says.

use std::{
    collections::HashMap,
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::{Context, bail};
use domain::check::Settings;

use super::args::CheckArguments;

const NAME: &str = ".stacker.yaml";
/// A larger file is an accident.
const MOST_BYTES: u64 = 256 * 1024;

/// Finds settings, and reads each file once.
pub struct SettingsFinder<'a> {
    arguments: &'a CheckArguments,
    /// Of `--config`, with what the command line says.
    given: Option<Arc<Settings>>,
    by_folder: HashMap<PathBuf, Arc<Settings>>,
}

impl<'a> SettingsFinder<'a> {
    pub fn new(arguments: &'a CheckArguments) -> anyhow::Result<Self> {
        let said = Settings { rules: arguments.rule.iter().cloned().collect(), ..Settings::default() };
        objections("--rule", &said)?;
        let mut finder = Self { arguments, given: None, by_folder: HashMap::new() };
        if let Some(path) = &arguments.config {
            finder.given = Some(finder.with_arguments(read(Path::new(path))?));
        }
        Ok(finder)
    }

    /// The settings for a file. The name need not exist: `-` is a file of the current folder.
    pub fn of_file(&mut self, file: &str) -> anyhow::Result<Arc<Settings>> {
        if let Some(given) = &self.given {
            return Ok(given.clone());
        }
        let path = std::path::absolute(file).with_context(|| format!("cannot read {file}"))?;
        self.of_folder(path.parent().unwrap_or(Path::new("/")))
    }

    fn of_folder(&mut self, folder: &Path) -> anyhow::Result<Arc<Settings>> {
        let mut passed = Vec::new();
        let mut found = None;
        for above in folder.ancestors() {
            if let Some(known) = self.by_folder.get(above) {
                found = Some(known.clone());
                break;
            }
            passed.push(above.to_owned());
            let path = above.join(NAME);
            if is_there(&path) {
                found = Some(self.with_arguments(read(&path)?));
                break;
            }
            if is_there(&above.join(".git")) {
                break;
            }
        }
        let settings = found.unwrap_or_else(|| self.with_arguments(Settings::default()));
        self.by_folder.extend(passed.into_iter().map(|folder| (folder, settings.clone())));
        Ok(settings)
    }

    fn with_arguments(&self, mut settings: Settings) -> Arc<Settings> {
        if let Some(profile) = self.arguments.profile {
            settings.profile = profile;
        }
        settings.rules.extend(self.arguments.rule.iter().cloned());
        Arc::new(settings)
    }
}

fn is_there(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok()
}

fn read(path: &Path) -> anyhow::Result<Settings> {
    let name = path.display().to_string();
    let cannot = || format!("cannot read {name}");
    if fs::metadata(path).with_context(cannot)?.len() > MOST_BYTES {
        bail!("cannot read {name}: it is larger than {} KiB", MOST_BYTES / 1024);
    }
    let text = fs::read_to_string(path).with_context(cannot)?;
    let settings = Settings::from_yaml(&text).map_err(|problem| anyhow::anyhow!("{name}: {problem}"))?;
    objections(&name, &settings)?;
    Ok(settings)
}

fn objections(name: &str, settings: &Settings) -> anyhow::Result<()> {
    let problems: Vec<String> =
        settings.problems().into_iter().map(|(code, problem)| format!("{name}: {code}: {problem}")).collect();
    if problems.is_empty() { Ok(()) } else { bail!("{}", problems.join("\n         ")) }
}
