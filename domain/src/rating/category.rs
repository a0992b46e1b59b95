//! What about a product is rated.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Written as existing clients read it: `DeploymentSpeed`. Read in any case, so that `deploymentSpeed` and `deploymentspeed`, which
/// older documents name, mean the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(try_from = "String")]
pub enum Category {
    #[default]
    Application,
    Cloud,
    Project,
    DeploymentSpeed,
    Documentation,
    Design,
    TechSupport,
    Price,
    MemoryUsage,
}

impl Category {
    pub const ALL: [Self; 9] = [
        Self::Application,
        Self::Cloud,
        Self::Project,
        Self::DeploymentSpeed,
        Self::Documentation,
        Self::Design,
        Self::TechSupport,
        Self::Price,
        Self::MemoryUsage,
    ];

    /// As it is stored and written in addresses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Application => "application",
            Self::Cloud => "cloud",
            Self::Project => "project",
            Self::DeploymentSpeed => "deploymentSpeed",
            Self::Documentation => "documentation",
            Self::Design => "design",
            Self::TechSupport => "techSupport",
            Self::Price => "price",
            Self::MemoryUsage => "memoryUsage",
        }
    }

    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|category| category.as_str().eq_ignore_ascii_case(word))
    }

    /// As pages name it.
    pub fn words(self) -> &'static str {
        match self {
            Self::Application => "Application",
            Self::Cloud => "Cloud",
            Self::Project => "Project",
            Self::DeploymentSpeed => "Deployment speed",
            Self::Documentation => "Documentation",
            Self::Design => "Design",
            Self::TechSupport => "Tech support",
            Self::Price => "Price",
            Self::MemoryUsage => "Memory usage",
        }
    }
}

/// No category has this name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownCategory;

impl fmt::Display for UnknownCategory {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("`category` must be one of ")?;
        for (at, category) in Category::ALL.into_iter().enumerate() {
            let comma = if at == 0 { "" } else { ", " };
            write!(formatter, "{comma}{}", category.as_str())?;
        }
        Ok(())
    }
}

impl TryFrom<String> for Category {
    type Error = UnknownCategory;

    fn try_from(word: String) -> Result<Self, UnknownCategory> {
        Self::named(&word).ok_or(UnknownCategory)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_spellings_of_every_category_are_read_and_one_is_written() {
        for category in Category::ALL {
            let variant = format!("{category:?}");
            let lower = variant.to_lowercase();
            for spelling in [&variant, category.as_str(), &lower] {
                let read: Category = serde_json::from_value(spelling.into()).unwrap();
                assert_eq!(read, category, "{spelling}");
            }
            assert_eq!(serde_json::to_value(category).unwrap(), variant);
        }
    }

    #[test]
    fn an_unknown_category_is_answered_with_the_known_ones() {
        let error = serde_json::from_str::<Category>("\"speed\"").unwrap_err().to_string();
        assert!(error.contains("application, cloud") && error.contains("memoryUsage"), "{error}");
        assert!(!error.contains("speed,"), "{error}");
    }
}
