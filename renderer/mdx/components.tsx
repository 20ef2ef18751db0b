/**
 * What a chapter's author may write: the components of an index.{en,ko}.mdx file and their props. Chapters import
 * nothing; every name below is in scope. Both languages of a chapter use the same components with the same `id`s,
 * `on`s and conditions, so that progress, deep links and checks do not depend on the language.
 *
 * Front matter of a chapter: title, summary (one line), minutes, lab (lab id), seed (number, default 1).
 *
 * Code fences are components too:
 *   ```sh on=network01            a block of shell lines for that machine: Copy and Type
 *   ```sh on=network01 run        … and Run
 *   ```sh on=network01 run out=K  … and below it what the simulator answers, from outputs.json under the key K
 *   ```text                       anything else: text with Copy
 * Text a machine prints is never typed into a chapter: it comes from <Output id="K" /> or out=K.
 */
import type { MDXComponents } from "mdx/types";
import type { ReactNode } from "react";
import { Callout, Cite, Fidelity, Node, Table } from "./prose.tsx";
import { CodeBlock, Output, Pre, Shell } from "./CodeBlock.tsx";
import { Answer, Option, Predict, Recall } from "./Predict.tsx";
import { FadedStep } from "./FadedStep.tsx";
import { EvidenceQuestion } from "./EvidenceQuestion.tsx";
import { PacketStepper, StepNote } from "./PacketStepper.tsx";
import { Part } from "./Part.tsx";
import { CidrDrill } from "./CidrDrill.tsx";
import { CidrExplorer } from "./CidrExplorer.tsx";
import { ClusterPlan } from "./ClusterPlan.tsx";
import { Challenge, GoalStrip, Plug, Terminal, World } from "./lab-links.tsx";

/** The parts that a chapter is made of. The kind gives the words over the title ("Faded lab 1") and the stop's name. */
export type PartKind =
  | "predict"
  | "worked"
  | "faded1"
  | "faded2"
  | "independent"
  | "explain"
  | "sandbox"
  | "incident"
  | "debrief"
  | "theory";

/** One stop of the chapter's line. Everything in a chapter after its opening lines stands in a Part. */
export interface PartProps {
  /** 1, 2, 3 … in order */
  readonly n: number;
  /** ends the address: #/chapter/3-routing/ID. Lower case words and hyphens, same in both languages */
  readonly id: string;
  readonly kind: PartKind;
  readonly title: string;
  readonly children?: ReactNode;
}

/**
 * The world the lab pane shows. At the top of a chapter it repeats the front matter and shows nothing. Inside a Part it
 * says that this part has its own network (another seed, another lab) and shows a button that brings it in; the other
 * world's commands stay saved and come back with its own button.
 */
export interface WorldProps {
  readonly lab: string;
  readonly seed?: number;
}

/** A button that brings a machine's terminal to the front and puts the keyboard there. Children: its words. */
export interface TerminalProps {
  readonly node: string;
  readonly children?: ReactNode;
}

/** A block of shell lines, as the fence ```sh on=… makes it. Use the fence where you can. */
export interface ShellProps {
  /** machine whose terminal Type and Run use */
  readonly on: string;
  /** may the learner run it from here? Several lines run one after the other, each when the one before has ended */
  readonly run?: boolean;
  /** key in outputs.json: what the machine answers, shown under the block */
  readonly out?: string;
  /** the lines, as a string: <Shell on="router" run>{`ip route`}</Shell> */
  readonly children: string;
}

/** Text a machine printed, made by the simulator when the course is built (chapters/ID/outputs.json). */
export interface OutputProps {
  /** key in outputs.json */
  readonly id: string;
  /** machine badge over the block */
  readonly on?: string;
  /** words over the block, when there is no machine */
  readonly title?: string;
}

/** A question before the answer is seen; kept, never graded. Children: the question, two or more <Option>s, one <Answer>. */
export interface PredictProps {
  readonly id: string;
  readonly children: ReactNode;
}
/** A recall question with a right answer. Children as in Predict; exactly one Option is `right`. */
export interface RecallProps {
  readonly id: string;
  readonly children: ReactNode;
}
export interface OptionProps {
  /** short and stable: "a", "b", "never-sent" */
  readonly id: string;
  /** Recall only */
  readonly right?: boolean;
  readonly children: ReactNode;
}
/** Shown once an answer is kept. */
export interface AnswerProps {
  readonly children: ReactNode;
}

/**
 * What must be true in the lab, read from the state and the packets of the running world, never from what was typed.
 * All the conditions of a list must hold.
 */
export type Condition =
  /** a route as `ip route` prints it begins with `begins`; or none does, with `absent` */
  | { readonly route: { readonly machine: string; readonly namespace?: string; readonly begins: string; readonly absent?: boolean } }
  | {
      readonly interface: {
        readonly machine: string;
        readonly name: string;
        readonly state?: "up" | "down" | "no-carrier";
        readonly address?: string;
      };
    }
  | { readonly plugged: string }
  | { readonly forwarding: string }
  | { readonly namespace: { readonly machine: string; readonly name: string } }
  /** a packet crossed a link since the world started, or since `after` seconds before now */
  | {
      readonly packet: {
        readonly to: string;
        readonly from?: string;
        readonly protocol?: "ARP" | "ICMP" | "ICMPv6" | "UDP" | "TCP";
        readonly reply?: boolean;
        /** part of what the picture says about it, e.g. "ttl 63" */
        readonly info?: string;
      };
    };

/**
 * A step whose command the learner writes. Children: the task. Ticks by itself when `when` holds. `given` are lines
 * shown before the gap, with a Type button for those before it; a line with ___ shows a gap and is typed up to it.
 */
export interface FadedStepProps {
  readonly id: string;
  readonly on: string;
  readonly given?: string;
  readonly when: readonly Condition[];
  /** one thing to look at when it does not hold yet */
  readonly look?: string;
  readonly children: ReactNode;
}

/** Pick the decision that proves it, from the journey of a packet. Children: the question. */
export interface EvidenceQuestionProps {
  readonly id: string;
  /** every given field must agree with the picked decision; a list means any of them */
  readonly accept: EvidenceAccept | readonly EvidenceAccept[];
  /** shown once the right decision is pinned */
  readonly answer?: ReactNode;
  readonly children: ReactNode;
}
export interface EvidenceAccept {
  /** a site's name in sim/trace/sites.ts */
  readonly site?: string;
  readonly machine?: string;
  /** a drop reason's name */
  readonly reason?: string;
  readonly verdict?: "went on" | "stopped" | "delivered" | "sent";
}

/**
 * Walks the journey of one packet, decision by decision. Shows the newest packet whose title contains every word of
 * `match`. Children: <StepNote>s, shown beside the decision they are about.
 */
export interface PacketStepperProps {
  readonly id: string;
  /** "192.168.150.2 192.168.100.2 request" */
  readonly match?: string;
  /** what to do when there is no such packet yet: lines with Run for this machine */
  readonly on?: string;
  readonly send?: string;
  readonly children?: ReactNode;
}
export interface StepNoteProps {
  readonly site: string;
  readonly machine?: string;
  readonly children: ReactNode;
}

/** Goals shown in the strip over the terminals while this part is read. Renders nothing in the text. */
export interface GoalStripProps {
  readonly goals: readonly StripGoal[];
}
export interface StripGoal {
  readonly id: string;
  /** two machines with an arrow before the title, when given */
  readonly from?: string;
  readonly to?: string;
  readonly title: string;
  readonly when: readonly Condition[];
  /** words under the title while it does not hold; default "not tried yet" */
  readonly waiting?: string;
}

/** Takes an address with a prefix length apart, bit by bit, while it is typed. Keeps nothing. */
export interface CidrExplorerProps {
  /** what stands in it at first: "192.168.108.77/26" */
  readonly start: string;
  /** examples with a button each */
  readonly tries?: readonly string[];
}

/** Questions about prefixes without end, at four levels; done when the last level's streak is full. */
export interface CidrDrillProps {
  readonly id: string;
}

/** A cluster's address plan: drawn from a seed, checked for overlap and size; done when a plan has held. */
export interface ClusterPlanProps {
  readonly id: string;
  readonly seed?: number;
}

/** A card that opens a graded challenge (its title, level, minutes and your result so far). */
export interface ChallengeProps {
  readonly id: string;
}

/** A button that plugs a cable of the lab in, or pulls it. */
export interface PlugProps {
  readonly cable: string;
  readonly children?: ReactNode;
}

export interface CalloutProps {
  readonly kind: "concept" | "tip" | "warning" | "example" | "deep";
  /** default: the kind's own word. `deep` is folded until opened */
  readonly title?: string;
  readonly children: ReactNode;
}

/** A machine's badge and name in running text. */
export interface NodeProps {
  readonly name: string;
}

/** How close to the real thing this is: the word first, then the sentence. */
export interface FidelityProps {
  readonly is: "modelled" | "simplified" | "not modelled";
  readonly children: ReactNode;
}

/** RFC, man page or document a fact comes from; small, at the end of a sentence. Opens nothing by itself. */
export interface CiteProps {
  readonly children: ReactNode;
}

/** What MDX files see. */
export const mdxComponents: MDXComponents = {
  pre: Pre,
  table: Table,
  Part,
  World,
  Terminal,
  Shell,
  CodeBlock,
  Output,
  Predict,
  Recall,
  Option,
  Answer,
  FadedStep,
  EvidenceQuestion,
  PacketStepper,
  StepNote,
  GoalStrip,
  CidrExplorer,
  CidrDrill,
  ClusterPlan,
  Challenge,
  Plug,
  Callout,
  Node,
  Fidelity,
  Cite,
};
