//! Searches apps by words.

use super::{app::App, apps};

/// The apps that contain every word of the query. Matches in the name come first. An empty query finds all apps.
pub fn search(query: &str) -> Vec<&'static App> {
    let words: Vec<String> = query.split_whitespace().map(str::to_lowercase).collect();
    let mut found: Vec<(u8, &App)> = apps()
        .iter()
        .filter_map(|app| words.iter().map(|word| rank(app, word)).try_fold(0, worse).map(|rank| (rank, app)))
        .collect();
    found.sort_by_key(|(rank, _)| *rank);
    found.into_iter().map(|(_, app)| app).collect()
}

fn worse(so_far: u8, rank: Option<u8>) -> Option<u8> {
    rank.map(|rank| rank.max(so_far))
}

/// How well a word matches: 0 is best, `None` means that it does not occur.
fn rank(app: &App, word: &str) -> Option<u8> {
    let name = app.name.to_lowercase();
    let has = |text: &str| text.to_lowercase().contains(word);
    if name.starts_with(word) || app.code.starts_with(word) {
        Some(0)
    } else if name.contains(word) || app.code.contains(word) {
        Some(1)
    } else if app.keywords.iter().any(|keyword| has(keyword))
        || app.offers.iter().any(|offer| has(&offer.kind))
    {
        Some(2)
    } else if has(app.category.label()) || has(&app.description) {
        Some(3)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(query: &str) -> Vec<&'static str> {
        search(query).iter().map(|app| app.code.as_str()).collect()
    }

    #[test]
    fn names_come_before_what_is_only_related() {
        assert_eq!(codes("word").first(), Some(&"wordpress"));
        assert_eq!(codes("mysql").first(), Some(&"mysql"));
        assert!(codes("mysql").contains(&"mariadb"));
        assert!(codes("blog").contains(&"ghost"));
    }

    #[test]
    fn every_word_counts_and_nothing_typed_finds_all() {
        assert_eq!(codes("sql postgresql admin"), ["pgadmin"]);
        assert_eq!(codes("  ").len(), apps().len());
        assert!(codes("no such thing").is_empty());
    }
}
