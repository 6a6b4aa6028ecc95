// What a script says stands translated in the data attributes of the page ("data-says-…"), with a gap {name} for each value.

export const fill = (sentence, values) => sentence.replace(/\{(\w+)\}/g, (gap, name) => values[name] ?? gap);

// The sentence for this number among `forms`: JSON with a sentence for each kind of plural, with a gap {counter} and one for each of
// the further values. A counter among them is the same number, as it is to be written.
export function plural(forms, counter, values = {}) {
  const sentences = JSON.parse(forms);
  const kind = new Intl.PluralRules(document.documentElement.lang).select(counter);
  return fill(sentences[kind], { counter, ...values });
}
