//! Communities of an edge list beside known groups: modularity, ARI, NMI, CPU seconds.
//! Usage: communities EDGES LABELS   (`from to` and `node label`, white space, ids from 0)

#![allow(clippy::print_stdout, reason = "a program for the terminal")]

use std::error::Error;
use std::time::Instant;

use tieline_graph::community::{
    LeidenOptions, adjusted_rand_index, leiden, normalised_mutual_information,
};
use tieline_graph::graph::{Graph, Weights};

fn pairs(path: &str) -> Result<Vec<(u32, u32)>, Box<dyn Error>> {
    let mut found = Vec::new();
    for line in std::fs::read_to_string(path)?.lines() {
        let mut words = line.split_whitespace();
        if let (Some(a), Some(b)) = (words.next(), words.next()) {
            found.push((a.parse()?, b.parse()?));
        }
    }
    Ok(found)
}

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().collect();
    let [_, edges, labels] = args.as_slice() else {
        return Err("usage: communities EDGES LABELS".into());
    };
    let mut labelled = pairs(labels)?;
    labelled.sort_unstable();
    let truth: Vec<u32> = labelled.iter().map(|(_, label)| *label).collect();
    // One tie for each pair that wrote to each other in either direction.
    let mut ties: Vec<(u32, u32)> = pairs(edges)?
        .into_iter()
        .filter(|(a, b)| a != b)
        .map(|(a, b)| (a.min(b), a.max(b)))
        .collect();
    ties.sort_unstable();
    ties.dedup();
    let graph = Graph::undirected(truth.len(), ties.iter().map(|(a, b)| (*a, *b, 1.0)))?;
    let started = Instant::now();
    let found =
        leiden(&graph, LeidenOptions { weights: Weights::Binary, ..LeidenOptions::default() });
    let seconds = started.elapsed().as_secs_f64();
    let communities = found.label.iter().max().map_or(0, |most| most + 1);
    println!(
        "tieline leiden   Q {:.6}  communities {communities}  ARI {:.4}  NMI {:.4}  {seconds:.2} s for 10 runs",
        found.modularity,
        adjusted_rand_index(&found.label, &truth),
        normalised_mutual_information(&found.label, &truth),
    );
    Ok(())
}
