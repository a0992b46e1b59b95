//! Renaming a service, with every reference to it.
//!
//! A reference is changed where it is written, so a value that several services share through an anchor stays shared.
//! Only if the same scalar also means something else (`POSTGRES_DB: *name`), the reference is written out.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value};

use super::{
    Work,
    mentions::{self, Mention},
    services::check_new_name,
};
use crate::{
    compose::{
        Place, Position,
        change::{Change, Respelling, spellings},
        yaml::{self, Node},
    },
    stack::{AskedPlace, Choice, Edit, Question, Refusal, Stack},
};

pub fn rename(
    work: &mut Work<'_>,
    name: &str,
    to: &str,
    uncertain: Option<&[Vec<String>]>,
) -> Result<(), Refusal> {
    work.service(name)?;
    if name == to {
        return Ok(());
    }
    check_new_name(work.stack, to)?;
    let mentions = mentions::of(work.stack, name);
    let chosen = chosen(work.stack, &mentions, name, to, uncertain)?;
    let respellings: Vec<(&Mention, Respelling)> = mentions
        .iter()
        .filter_map(|mention| {
            let is_chosen = chosen.contains(&mention.place);
            let words: Vec<_> = mention
                .names
                .iter()
                .filter(|(_, sure)| *sure || is_chosen)
                .map(|(range, _)| range.clone())
                .collect();
            (!words.is_empty())
                .then(|| (mention, Respelling { place: mention.place, words, to: to.to_owned() }))
        })
        .collect();
    let root = &work.stack.model().root;
    let in_place = written_once(root, &respellings);
    let values: HashMap<Place, String> = respellings
        .iter()
        .filter(|(mention, _)| in_place.contains(&mention.place))
        .map(|(mention, respelling)| (mention.place, respelling.applied_to(&mention.text)))
        .collect();
    let intended = rewritten(root, &values)?;
    let mut seen = HashSet::new();
    let spliced: Vec<Respelling> = respellings
        .iter()
        .filter(|(mention, _)| in_place.contains(&mention.place) && seen.insert(mention.place))
        .map(|(_, respelling)| respelling.clone())
        .collect();
    work.draft().respell(&spliced, intended);
    for (mention, respelling) in respellings.iter().filter(|(mention, _)| !in_place.contains(&mention.place))
    {
        let mut path: Vec<&str> = mention.path.iter().map(String::as_str).collect();
        if path.get(1) == Some(&name) && path.len() > 2 {
            path[1] = to;
        }
        match mention.is_key {
            true => work.change(&Change::rename(&path, to))?,
            false => work.set(&path, respelling.applied_to(&mention.text))?,
        }
    }
    Ok(())
}

/// The places of the uncertain references that are renamed too, or the question which.
fn chosen(
    stack: &Stack,
    mentions: &[Mention],
    name: &str,
    to: &str,
    answer: Option<&[Vec<String>]>,
) -> Result<HashSet<Place>, Refusal> {
    let uncertain = |mention: &&Mention| mention.names.iter().any(|(_, sure)| !sure);
    let Some(paths) = answer else {
        let mut seen = HashSet::new();
        let asked: Vec<&Mention> =
            mentions.iter().filter(uncertain).filter(|mention| seen.insert(mention.place)).collect();
        return if asked.is_empty() { Ok(HashSet::new()) } else { Err(question(stack, &asked, name, to)) };
    };
    paths
        .iter()
        .map(|path| {
            let found = mentions.iter().filter(uncertain).find(|mention| mention.path == *path);
            found.map(|mention| mention.place).ok_or_else(|| {
                let message = format!("nothing in `{}` may or may not mean `{name}`", path.join("."));
                Refusal::new("reference-unknown", message)
            })
        })
        .collect()
}

fn question(stack: &Stack, asked: &[&Mention], name: &str, to: &str) -> Refusal {
    let text = stack.text();
    let mut places: Vec<AskedPlace> = asked.iter().flat_map(|mention| written(text, mention)).collect();
    places.sort_by_key(|asked| asked.place.start);
    let mut lines: Vec<String> = places.iter().map(|asked| asked.position.line.to_string()).collect();
    lines.dedup();
    let lines = match lines.split_last() {
        Some((last, [])) => format!("line {last}"),
        Some((last, others)) => format!("lines {} and {last}", others.join(", ")),
        None => String::new(),
    };
    let message = format!(
        "`{name}` also stands in {lines}, where it may mean the service or something else: say whether to rename it there too"
    );
    let edit = |uncertain: Vec<Vec<String>>| Edit::RenameService {
        service: name.to_owned(),
        to: to.to_owned(),
        uncertain: Some(uncertain),
    };
    let all = asked.iter().map(|mention| mention.path.clone()).collect();
    let choices =
        vec![Choice::new("Rename these too", [edit(all)]), Choice::new("Leave them", [edit(Vec::new())])];
    let refusal = Refusal::new("uncertain-references", message);
    let refusal = match places.first() {
        Some(first) => refusal.at(text, first.place),
        None => refusal,
    };
    refusal.asking(Question { places, choices })
}

/// Where the uncertain names of a scalar are written; the whole scalar if escapes hide them.
fn written(text: &str, mention: &Mention) -> Vec<AskedPlace> {
    let at = |place: Place| AskedPlace {
        path: mention.path.clone(),
        place,
        position: Position::of(text, place.start),
    };
    let unsure = || mention.names.iter().filter(|(_, sure)| !sure).map(|(range, _)| range);
    let word = unsure().next().and_then(|range| mention.text.get(range.clone())).unwrap_or_default();
    let Some(spellings) = spellings(mention.place.slice(text), &mention.text, word) else {
        return vec![at(mention.place)];
    };
    unsure()
        .filter_map(|range| spellings.iter().find(|(read, _)| *read == range.start))
        .map(|(_, written)| mention.place.start + written)
        .map(|start| at(Place::new(start, start + word.len())))
        .collect()
}

/// The places at which every use of the scalar becomes the same text. Uses in extension fields (`x-…`) have no meaning
/// of their own.
fn written_once(root: &Node, respellings: &[(&Mention, Respelling)]) -> HashSet<Place> {
    let mut wanted: HashMap<Place, (usize, &Respelling)> = HashMap::new();
    let mut differing = HashSet::new();
    for (mention, respelling) in respellings {
        let (count, first) = wanted.entry(mention.place).or_insert((0, respelling));
        *count += 1;
        if first.words != respelling.words {
            differing.insert(mention.place);
        }
    }
    let mut uses: HashMap<Place, usize> = wanted.keys().map(|place| (*place, 0)).collect();
    for entry in root.entries().iter().filter(|entry| !entry.key.starts_with("x-")) {
        count_uses(&entry.value, &mut uses);
    }
    wanted
        .into_iter()
        .filter(|(place, (count, _))| uses.get(place) == Some(count) && !differing.contains(place))
        .map(|(place, _)| place)
        .collect()
}

fn count_uses(node: &Node, uses: &mut HashMap<Place, usize>) {
    let mut count = |place: Place| {
        if let Some(count) = uses.get_mut(&place) {
            *count += 1;
        }
    };
    match &node.value {
        yaml::Value::Mapping(entries) => {
            for entry in entries {
                count(entry.key_place);
            }
            entries.iter().for_each(|entry| count_uses(&entry.value, uses));
        }
        yaml::Value::Sequence(items) => items.iter().for_each(|item| count_uses(item, uses)),
        yaml::Value::Null => {}
        _ => count(node.place),
    }
}

/// The values of the document with new texts at these places.
fn rewritten(node: &Node, new: &HashMap<Place, String>) -> Result<Value, Refusal> {
    Ok(match &node.value {
        yaml::Value::String(_) => match new.get(&node.place) {
            Some(text) => text.as_str().into(),
            None => node.to_json(),
        },
        yaml::Value::Sequence(items) => {
            Value::Array(items.iter().map(|item| rewritten(item, new)).collect::<Result<_, _>>()?)
        }
        yaml::Value::Mapping(entries) => {
            let mut map = Map::new();
            for entry in entries {
                let key = new.get(&entry.key_place).unwrap_or(&entry.key);
                if map.insert(key.clone(), rewritten(&entry.value, new)?).is_some() {
                    return Err(Refusal::new("key-exists", format!("there is a `{key}` already")));
                }
            }
            Value::Object(map)
        }
        _ => node.to_json(),
    })
}
