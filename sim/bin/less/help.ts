/** The page that h shows: what this less knows. */
export const HELP = `                   SUMMARY OF LESS COMMANDS

      Commands marked with * may be preceded by a number, N.
      A key preceded by a caret is typed with Ctrl: ^K is Ctrl-K.

  h  H                 This help.
  q  :q  Q  :Q  ZZ     Leave.
 ---------------------------------------------------------------------------

                           MOVING

  e  ^E  j  ^N  CR  *  Forward one line   (or N lines).
  y  ^Y  k  ^K  ^P  *  Back one line      (or N lines).
  f  ^F  ^V  SPACE  *  Forward one screen (or N lines).
  b  ^B  ESC-v      *  Back one screen    (or N lines).
  z  w              *  Forward, back; N becomes the size of the window.
  d  ^D             *  Forward half a screen; N becomes its size.
  u  ^U             *  Back half a screen; N becomes its size.
  ESC-)  RightArrow *  Right half a screen (long lines are then chopped).
  ESC-(  LeftArrow  *  Left half a screen.
  F                    Wait for more, as tail -f does; ^C ends it.
  r  ^R  ^L            Paint the screen again.

                          SEARCHING

  /pattern          *  Forward to a line that matches. !pattern: one that does not.
  ?pattern          *  Back to a line that matches.
  n  N              *  The next match, the next one the other way.
  ESC-u                Highlighting on or off.
  &pattern             Only lines that match; an empty pattern shows all.

                           JUMPING

  g  <  ESC-<       *  To the first line (or line N).
  G  >  ESC->       *  To the last line  (or line N).
  p  %              *  To N percent of the file.
  m<letter>            Set a mark.
  '<letter>            Go to a mark; '' goes back to where you were.

                        SEVERAL FILES

  :e file              Open another file.
  :n  :p            *  The next file, the one before.
  :x                *  The first file (or file N).
  :d                   Take this file off the list.
  =  ^G  :f            Name, lines and place of this file.

                        MISCELLANEOUS

  -<letter>            Turn an option over: S N i I s R e E ~
  !command             Run a shell command.
  v                    Edit the file with $VISUAL or $EDITOR.
`;
